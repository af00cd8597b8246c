import type { Add, Ledger } from '../connection/ledger.ts';
import { Counter, check, Rate, Trend } from '../k6.ts';

/**
 * The k6 metrics; names and meanings are in names.ts and the README. Each is kept as its `add` alone, since every
 * VU holds its own copy of each (0.8 KB; the object around it would cost as much again).
 */
export const ledger: Ledger = (() => {
  // Read once each (see k6.ts): more reads made 27 KB of garbage in each VU, of 195 KB that its init allocated.
  const CounterOnce = Counter;
  const RateOnce = Rate;
  const TrendOnce = Trend;
  return {
    connectAttempts: new CounterOnce('ws_connect_attempts').add as Add,
    connectSuccess: new RateOnce('ws_connect_success').add as Add,
    connectFailures: new CounterOnce('ws_connect_failures').add as Add,
    connectTime: new TrendOnce('ws_connect_time', true).add as Add,
    establishTime: new TrendOnce('ws_establish_time', true).add as Add,
    connectsUnattempted: new CounterOnce('ws_connects_unattempted').add as Add,
    connectsPending: new CounterOnce('ws_connects_pending').add as Add,
    connectionsOpen: new CounterOnce('ws_connections_open').add as Add,
    connectionsClosed: new CounterOnce('ws_connections_closed').add as Add,
    connectionsDropped: new CounterOnce('ws_connections_dropped').add as Add,
    connectionsHeld: new RateOnce('ws_connections_held').add as Add,
    messagesSent: new CounterOnce('ws_messages_sent').add as Add,
    messagesPending: new CounterOnce('ws_messages_pending').add as Add,
    messageSuccess: new RateOnce('ws_message_success').add as Add,
    messageFailures: new CounterOnce('ws_message_failures').add as Add,
    messageUnexpected: new CounterOnce('ws_message_unexpected').add as Add,
    messageRtt: new TrendOnce('ws_message_rtt', true).add as Add,
    messageResponse: new TrendOnce('ws_message_response_time', true).add as Add,
    generatorLag: new TrendOnce('generator_lag', true).add as Add,
    // Checks are the only thing with names made at run time that k6 adds up over all VUs and hands to the summary.
    check,
  };
})();
