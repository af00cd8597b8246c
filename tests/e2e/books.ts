import type { Summary } from '../../lib/report/summary.ts';
import type { Counts } from '../servers/counts.mjs';

/** The accounts of issue and report that a server can check. */
export interface Books {
  attempted: number;
  established: number;
  failed: Record<string, number>;
  closed: number;
  dropped: Record<string, number>;
  sent: number;
  replied: number;
  messagesFailed: Record<string, number>;
  unexpected: number;
}

/** What a report must say about a server that only did what is right, by what the server counted. */
export function healthyBooks(counts: Counts): Books {
  return {
    attempted: counts.accepted,
    established: counts.handshakes,
    failed: {},
    closed: counts.closesReceived[1000] ?? 0,
    dropped: {},
    sent: counts.received,
    replied: counts.replies['echo'] ?? 0,
    messagesFailed: {},
    unexpected: 0,
  };
}

/** What the report says. */
export function reportedBooks({ connections, messages }: Summary): Books {
  return {
    attempted: connections.attempted,
    established: connections.established,
    failed: connections.failed,
    closed: connections.closed,
    dropped: connections.dropped,
    sent: messages.sent,
    replied: messages.replied,
    messagesFailed: messages.failed,
    unexpected: messages.unexpected,
  };
}

/** The books of several servers as one; reasons that never occurred are left out, as in the report. */
export function addBooks(all: readonly Books[]): Books {
  const total: Books = {
    attempted: 0,
    established: 0,
    failed: {},
    closed: 0,
    dropped: {},
    sent: 0,
    replied: 0,
    messagesFailed: {},
    unexpected: 0,
  };
  for (const books of all) {
    for (const key of ['attempted', 'established', 'closed', 'sent', 'replied', 'unexpected'] as const) {
      total[key] += books[key];
    }
    for (const key of ['failed', 'dropped', 'messagesFailed'] as const) {
      for (const [reason, count] of Object.entries(books[key])) {
        if (count > 0) total[key][reason] = (total[key][reason] ?? 0) + count;
      }
    }
  }
  return total;
}
