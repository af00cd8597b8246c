import type { Summary } from '../../lib/report/summary.ts';
import type { Counts } from '../servers/counts.mjs';

/** The accounts of issue and report that a server can check. */
export interface Books {
  attempted: number;
  established: number;
  failed: Record<string, number>;
  ready: number;
  notReady: Record<string, number>;
  closed: number;
  dropped: Record<string, number>;
  sent: number;
  answered: number;
  sentOnly: number;
  messagesFailed: Record<string, number>;
  unexpected: number;
}

const NUMBERS = ['attempted', 'established', 'ready', 'closed', 'sent', 'answered', 'sentOnly', 'unexpected'] as const;
const RECORDS = ['failed', 'notReady', 'dropped', 'messagesFailed'] as const;

/** Books in which nothing has happened but what is given. */
export function booksWith(given: Partial<Books>): Books {
  return {
    attempted: 0,
    established: 0,
    failed: {},
    ready: 0,
    notReady: {},
    closed: 0,
    dropped: {},
    sent: 0,
    answered: 0,
    sentOnly: 0,
    messagesFailed: {},
    unexpected: 0,
    ...given,
  };
}

/** What a report must say about a server that only did what is right, by what the server counted; without a login. */
export function healthyBooks(counts: Counts): Books {
  return booksWith({
    attempted: counts.accepted,
    established: counts.handshakes,
    ready: counts.handshakes,
    closed: counts.closesReceived[1000] ?? 0,
    sent: counts.received,
    answered: counts.replies['echo'] ?? 0,
  });
}

/** What the report says. */
export function reportedBooks({ connections, messages }: Summary): Books {
  const { attempted, established, failed, ready, notReady, closed, dropped } = connections;
  const { sent, answered, sentOnly, failed: messagesFailed, unexpected } = messages;
  return {
    ...{ attempted, established, failed, ready, notReady, closed, dropped },
    ...{ sent, answered, sentOnly, messagesFailed, unexpected },
  };
}

/** The books of several servers as one; reasons that never occurred are left out, as in the report. */
export function addBooks(all: readonly Books[]): Books {
  const total = booksWith({ failed: {}, notReady: {}, dropped: {}, messagesFailed: {} });
  for (const books of all) {
    for (const key of NUMBERS) total[key] += books[key];
    for (const key of RECORDS) {
      for (const [reason, count] of Object.entries(books[key])) {
        if (count > 0) total[key][reason] = (total[key][reason] ?? 0) + count;
      }
    }
  }
  return total;
}
