import type { Add, Ledger } from '../connection/ledger.ts';
import { check, type WithRequire } from '../k6.ts';

/**
 * The k6 metrics; names and meanings are in names.ts and the README. Each is kept as its `add` alone, since every
 * VU holds its own copy of each (0.8 KB; the object around it would cost as much again).
 */
export const ledger: Ledger = (() => {
  // In here, so that nothing keeps the constructors.
  const { Counter, Rate, Trend } = (globalThis as unknown as WithRequire).require<typeof import('k6/metrics')>(
    'k6/metrics',
  );
  return {
    connectAttempts: new Counter('ws_connect_attempts').add as Add,
    connectSuccess: new Rate('ws_connect_success').add as Add,
    connectFailures: new Counter('ws_connect_failures').add as Add,
    connectTime: new Trend('ws_connect_time', true).add as Add,
    establishTime: new Trend('ws_establish_time', true).add as Add,
    connectsUnattempted: new Counter('ws_connects_unattempted').add as Add,
    connectsPending: new Counter('ws_connects_pending').add as Add,
    connectionsOpen: new Counter('ws_connections_open').add as Add,
    connectionsClosed: new Counter('ws_connections_closed').add as Add,
    connectionsDropped: new Counter('ws_connections_dropped').add as Add,
    connectionsHeld: new Rate('ws_connections_held').add as Add,
    messagesSent: new Counter('ws_messages_sent').add as Add,
    messagesPending: new Counter('ws_messages_pending').add as Add,
    messageSuccess: new Rate('ws_message_success').add as Add,
    messageFailures: new Counter('ws_message_failures').add as Add,
    messageUnexpected: new Counter('ws_message_unexpected').add as Add,
    messageRtt: new Trend('ws_message_rtt', true).add as Add,
    messageResponse: new Trend('ws_message_response_time', true).add as Add,
    generatorLag: new Trend('generator_lag', true).add as Add,
    // Checks are the only thing with names made at run time that k6 adds up over all VUs and hands to the summary.
    check,
  };
})();
