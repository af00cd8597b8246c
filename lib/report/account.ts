import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES } from '../connection/outcome.ts';
import { byReason, figure, type K6Data } from './k6-data.ts';
import { moveRefusals } from './statuses.ts';
import type { Books } from './summary.ts';

/** The books of a run. */
export interface Account extends Books {
  /** Refusals by HTTP status that only k6 itself could tell, as `HTTP 429`. */
  statuses: Record<string, number>;
}

/**
 * Adds up the books. What was begun and has no outcome was cut off with the run and is `interrupted`: k6 drops the
 * samples of a VU that it stops. The up/down counters say the same independently; where the two differ although
 * nothing was cut off, or where there are more outcomes than beginnings, the books do not balance.
 *
 * @param planned - connections that this process was to open.
 */
export function accountOf(data: K6Data, planned: number): Account {
  const attempted = figure(data, 'ws_connect_attempts');
  const established = figure(data, 'ws_connect_success', 'passes');
  const failed = byReason(data, 'ws_connect_failures', CONNECT_FAILURES);
  const statuses = moveRefusals(data, failed);
  const closed = figure(data, 'ws_connections_closed');
  const dropped = byReason(data, 'ws_connections_dropped', DROPS);
  const sent = figure(data, 'ws_messages_sent');
  const replied = figure(data, 'ws_message_success', 'passes');
  const messagesFailed = byReason(data, 'ws_message_failures', MESSAGE_FAILURES);

  const unattempted = planned - attempted;
  const cutConnects = attempted - established - sum(failed);
  const cutConnections = established - closed - sum(dropped);
  const cutMessages = sent - replied - sum(messagesFailed);
  const wasCut = unattempted > 0 || cutConnects > 0 || cutConnections > 0 || cutMessages > 0;

  const differences: string[] = [];
  const judge = (what: string, cut: number, counter: number) => {
    if (cut < 0) differences.push(`${-cut} more outcomes than ${what}`);
    else if (cut !== counter && !wasCut)
      differences.push(`${what}: ${cut} without an outcome, but the counter says ${counter}`);
  };
  judge('planned connections', unattempted, figure(data, 'ws_connects_unattempted'));
  judge('attempts', cutConnects, figure(data, 'ws_connects_pending'));
  judge('established connections', cutConnections, figure(data, 'ws_connections_open'));
  judge('messages', cutMessages, figure(data, 'ws_messages_pending'));

  addInterrupted(failed, cutConnects);
  addInterrupted(dropped, cutConnections);
  addInterrupted(messagesFailed, cutMessages);
  return {
    connections: { planned, attempted, unattempted: Math.max(0, unattempted), established, failed, closed, dropped },
    messages: { sent, replied, failed: messagesFailed, unexpected: figure(data, 'ws_message_unexpected') },
    statuses,
    balanced: differences.length === 0,
    differences,
  };
}

/** Adds up the counts of a record. */
export function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function addInterrupted(counts: Record<string, number>, cut: number): void {
  if (cut > 0) counts['interrupted'] = (counts['interrupted'] ?? 0) + cut;
}
