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
  // What is not made is never called in this run.
  const counter = (name: string, isMade = true) => (isMade ? new Counter(name).add : null) as Add;
  const rate = (name: string, isMade = true) => (isMade ? new Rate(name).add : null) as Add;
  const trend = (name: string, isMade = true) => (isMade ? new Trend(name, true).add : null) as Add;
  const { kinds, awaits, hasLogin, hasReach, isLean } = traits;
  const sends = kinds.length > 0;
  const ledger: Ledger = {
    attempts: {
      attempts: counter('ws_connect_attempts'),
      unattempted: counter('ws_connects_unattempted'),
      pending: counter('ws_connects_pending'),
      success: rate('ws_connect_success'),
      failures: counter('ws_connect_failures'),
      time: trend('ws_connect_time'),
      establishTime: trend('ws_establish_time'),
    },
    open: counter('ws_connections_open'),
    closed: counter('ws_connections_closed'),
    dropped: counter('ws_connections_dropped'),
    held: rate('ws_connections_held'),
    ready: !hasLogin
      ? null
      : {
          success: rate('ws_ready_success'),
          time: trend('ws_ready_time'),
          failures: counter('ws_ready_failures'),
          pending: counter('ws_ready_pending'),
        },
    messages: !sends
      ? null
      : {
          sent: counter('ws_messages_sent'),
          pending: counter('ws_messages_pending', awaits),
          success: rate('ws_message_success', awaits),
          failures: counter('ws_message_failures', awaits),
          rtt: trend('ws_message_rtt', awaits),
          response: trend('ws_message_response_time', awaits),
          firstReply: trend('ws_message_first_reply', awaits && !isLean),
        },
    deliveries: isLean
      ? null
      : {
          expected: counter('ws_deliveries_expected', hasReach),
          delivered: counter('ws_deliveries'),
          duplicate: counter('ws_deliveries_duplicate'),
          success: rate('ws_delivery_success', hasReach),
          time: trend('ws_delivery_time'),
        },
    unexpected: counter('ws_message_unexpected'),
    pushes: counter('ws_pushes', !isLean || !sends),
    scriptErrors: counter('ws_script_errors'),
    lag: trend('generator_lag'),
    // A share, no time.
    busy: (!isLean || !sends ? new Trend('generator_busy').add : null) as Add,
    check,
  };
  if (hasSteps) {
    ledger.steps = {
      planned: counter('ws_step_planned'),
      connected: rate('ws_step_connect_success'),
      ready: rate('ws_step_ready_success', hasLogin),
      held: rate('ws_step_held'),
    };
  }
  return ledger;
}
