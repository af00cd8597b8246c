import type { Add, ClientLedger } from '../connection/ledger.ts';
import type { WithRequire } from '../k6.ts';

/** Makes the k6 metrics of clients that come back. In init code only. */
export function clientLedger(): ClientLedger {
  const { Counter, Rate, Trend } = (globalThis as unknown as WithRequire).require<typeof import('k6/metrics')>(
    'k6/metrics',
  );
  const counter = (name: string) => new Counter(name).add as Add;
  const rate = (name: string) => new Rate(name).add as Add;
  return {
    connected: rate('ws_clients_connected'),
    up: rate('ws_clients_up'),
    ready: counter('ws_clients_ready'),
    // A share of each client's time: all plan the same time, so the mean is the share of all their time.
    availability: new Trend('ws_availability').add as Add,
    givenUp: counter('ws_clients_given_up'),
    attempts: counter('ws_reconnect_attempts'),
    outages: counter('ws_outages'),
    outagesOpen: counter('ws_outages_open'),
    overdue: counter('ws_outages_overdue'),
    recoveryTime: new Trend('ws_recovery_time', true).add as Add,
    recoveryAttempts: new Trend('ws_recovery_attempts').add as Add,
    withheld: counter('ws_requests_withheld'),
  };
}
