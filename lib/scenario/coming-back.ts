import type { ComesBack } from '../connection/connection.ts';
import { clientLedger } from '../metrics/registry-clients.ts';

/** Gives what the clients of a VU have to know. */
export type ComingBack = (env: Record<string, string | undefined>) => ComesBack;

/**
 * For inEachVu(): who fails or is dropped comes back. In k6's init stage only.
 *
 * @returns what its clients have to know, out of the environment of the k6 scenario (lib/plan/reconnect.ts).
 */
export function comingBack(): ComingBack {
  const ledger = clientLedger();
  return (env) => ({ ledger, plan: JSON.parse(env['RUN_clients'] as string) });
}
