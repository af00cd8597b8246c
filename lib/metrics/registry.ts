import type { Add, Ledger } from '../connection/ledger.ts';
import type { Traits } from '../conversation/traits.ts';
import type { WithRequire } from '../k6.ts';

/**
 * Makes the k6 metrics of a run: only those that can get a sample in it, since each costs every VU 0.8 KB. Names and
 * meanings are in names.ts and docs/metrics.md. Each is kept as its `add` alone: the object around it would cost as much again.
 * In init code only.
 *
 * @param check - k6's.
 * @param hasSteps - the connections come in steps.
 */
export function ledgerFor(traits: Traits, check: Ledger['check'], hasSteps = false): Ledger {
  const { Counter, Rate, Trend } = (globalThis as unknown as WithRequire).require<typeof import('k6/metrics')>(
    'k6/metrics',
  );
  const { kinds, awaits, hasLogin, hasReach, isLean } = traits;
  const sends = kinds.length > 0;
  // What is not made is never called in this run.
  const none = null as never as Add;
  const ledger: Ledger = {
    attempts: {
      attempts: new Counter('ws_connect_attempts').add as Add,
      unattempted: new Counter('ws_connects_unattempted').add as Add,
      pending: new Counter('ws_connects_pending').add as Add,
      success: new Rate('ws_connect_success').add as Add,
      failures: new Counter('ws_connect_failures').add as Add,
      time: new Trend('ws_connect_time', true).add as Add,
      establishTime: new Trend('ws_establish_time', true).add as Add,
    },
    open: new Counter('ws_connections_open').add as Add,
    closed: new Counter('ws_connections_closed').add as Add,
    dropped: new Counter('ws_connections_dropped').add as Add,
    held: new Rate('ws_connections_held').add as Add,
    ready: !hasLogin
      ? null
      : {
          success: new Rate('ws_ready_success').add as Add,
          time: new Trend('ws_ready_time', true).add as Add,
          failures: new Counter('ws_ready_failures').add as Add,
          pending: new Counter('ws_ready_pending').add as Add,
        },
    messages: !sends
      ? null
      : {
          sent: new Counter('ws_messages_sent').add as Add,
          pending: awaits ? (new Counter('ws_messages_pending').add as Add) : none,
          success: awaits ? (new Rate('ws_message_success').add as Add) : none,
          failures: awaits ? (new Counter('ws_message_failures').add as Add) : none,
          rtt: awaits ? (new Trend('ws_message_rtt', true).add as Add) : none,
          response: awaits ? (new Trend('ws_message_response_time', true).add as Add) : none,
          firstReply: awaits && !isLean ? (new Trend('ws_message_first_reply', true).add as Add) : none,
        },
    deliveries: isLean
      ? null
      : {
          expected: hasReach ? (new Counter('ws_deliveries_expected').add as Add) : none,
          delivered: new Counter('ws_deliveries').add as Add,
          duplicate: new Counter('ws_deliveries_duplicate').add as Add,
          success: hasReach ? (new Rate('ws_delivery_success').add as Add) : none,
          time: new Trend('ws_delivery_time', true).add as Add,
        },
    unexpected: new Counter('ws_message_unexpected').add as Add,
    pushes: !isLean || !sends ? (new Counter('ws_pushes').add as Add) : none,
    scriptErrors: new Counter('ws_script_errors').add as Add,
    lag: new Trend('generator_lag', true).add as Add,
    // A share, no time.
    busy: !isLean || !sends ? (new Trend('generator_busy').add as Add) : none,
    check,
  };
  if (hasSteps) {
    ledger.steps = {
      planned: new Counter('ws_step_planned').add as Add,
      connected: new Rate('ws_step_connect_success').add as Add,
      ready: hasLogin ? (new Rate('ws_step_ready_success').add as Add) : none,
      held: new Rate('ws_step_held').add as Add,
    };
  }
  return ledger;
}
