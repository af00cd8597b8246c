import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES, READY_FAILURES } from '../connection/outcome.ts';
import type { Traits } from '../conversation/traits.ts';
import { groupDigits } from '../plan/format.ts';
import { byReason, byReasonAndWord, figure, type K6Data, wordsOf } from './k6-data.ts';
import { latencyOf } from './latency.ts';
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
 * @param isWhole - this process is the whole test: its deliveries are of its own requests.
 */
export function accountOf(data: K6Data, planned: number, traits: Traits, isWhole: boolean): Account {
  const attempted = figure(data, 'ws_connect_attempts');
  const established = figure(data, 'ws_connect_success', 'passes');
  const failed = byReason(data, 'ws_connect_failures', CONNECT_FAILURES);
  const statuses = moveRefusals(data, failed);
  const ready = traits.hasLogin ? figure(data, 'ws_ready_success', 'passes') : established;
  const notReady = byReasonAndWord(data, 'ws_ready_failures', READY_FAILURES, 'not ready');
  const closed = figure(data, 'ws_connections_closed');
  const dropped = byReasonAndWord(data, 'ws_connections_dropped', DROPS, 'dropped');
  const messages = messagesOf(data, traits);

  const unattempted = planned - attempted;
  const cutConnects = attempted - established - sum(failed);
  const cutLogins = established - ready - sum(notReady);
  const cutConnections = ready - closed - sum(dropped);
  const cutMessages = messages.sent - messages.sentOnly - messages.answered - sum(messages.failed);
  // A message is cut off with its connection alone.
  const wasCut = unattempted > 0 || cutConnects > 0 || cutLogins > 0 || cutConnections > 0;

  const differences: string[] = [];
  const judge = (what: string, cut: number, counter: number) => {
    if (cut < 0) differences.push(`${-cut} more outcomes than ${what}`);
    else if (cut !== counter && !wasCut)
      differences.push(`${what}: ${cut} without an outcome, but the counter says ${counter}`);
  };
  judge('planned connections', unattempted, figure(data, 'ws_connects_unattempted'));
  judge('attempts', cutConnects, figure(data, 'ws_connects_pending'));
  judge('logins', cutLogins, figure(data, 'ws_ready_pending'));
  if (traits.hasLogin && cutConnections < 0)
    differences.push(`${-cutConnections} more outcomes than ready connections`);
  else judge('established connections', Math.max(0, cutLogins) + cutConnections, figure(data, 'ws_connections_open'));
  judge('messages', cutMessages, figure(data, 'ws_messages_pending'));
  const deliveries = deliveriesOf(data, traits);
  if (deliveries && isWhole && deliveries.delivered > deliveries.expected) {
    const more = deliveries.delivered - deliveries.expected;
    differences.push(
      `${groupDigits(more)} more deliveries than expected: the reach of a request is too small, or the server brought them to connections that should not have them`,
    );
  }

  addInterrupted(failed, cutConnects);
  addInterrupted(notReady, cutLogins);
  addInterrupted(dropped, cutConnections);
  addInterrupted(messages.failed, cutMessages);
  return {
    connections: {
      planned,
      attempted,
      unattempted: Math.max(0, unattempted),
      established,
      failed,
      ready,
      notReady,
      closed,
      dropped,
    },
    messages,
    pushes: byReasonAndWord(data, 'ws_pushes', [], 'push'),
    deliveries,
    statuses,
    balanced: differences.length === 0,
    differences,
  };
}

function messagesOf(data: K6Data, { kinds }: Traits): Books['messages'] {
  const sent = figure(data, 'ws_messages_sent');
  const silent = kinds.filter(({ awaits }) => !awaits);
  const sentOf = (name: string) => figure(data, `ws_messages_sent{request:${name}}`);
  return {
    sent,
    answered: figure(data, 'ws_message_success', 'passes'),
    sentOnly: silent.length === kinds.length ? sent : silent.reduce((total, { name }) => total + sentOf(name), 0),
    failed: byReason(data, 'ws_message_failures', MESSAGE_FAILURES),
    refused: wordsOf(data, 'refused'),
    unexpected: figure(data, 'ws_message_unexpected'),
    ...(kinds.length > 1 && {
      byRequest: Object.fromEntries(
        kinds.map(({ name, awaits }) => {
          const answered = figure(data, `ws_message_success{request:${name}}`, 'passes');
          return [
            name,
            {
              sent: sentOf(name),
              answered,
              failed: awaits ? sentOf(name) - answered : 0,
              latencyMs: latencyOf(data, `ws_message_rtt{request:${name}}`),
            },
          ];
        }),
      ),
    }),
  };
}

function deliveriesOf(data: K6Data, { hasReach }: Traits): Books['deliveries'] {
  if (!hasReach) return null;
  const expected = figure(data, 'ws_deliveries_expected');
  const delivered = figure(data, 'ws_deliveries');
  const missing = Math.max(0, expected - delivered);
  return { expected, delivered, missing, duplicate: figure(data, 'ws_deliveries_duplicate') };
}

/** Adds up the counts of a record. */
export function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function addInterrupted(counts: Record<string, number>, cut: number): void {
  if (cut > 0) counts['interrupted'] = (counts['interrupted'] ?? 0) + cut;
}
