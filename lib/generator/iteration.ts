import type { Context } from '../connection/connection.ts';
import type { Add } from '../connection/ledger.ts';
import { exec, sleep } from '../k6.ts';
import { ledger } from '../metrics/registry.ts';
import { shareOf } from '../plan/segment.ts';
import type { K6Parts } from './memory.ts';
import { runFrom } from './run-from.ts';

/**
 * What watching takes (memory.ts); null in the VUs that are never asked to, where it would only weigh: k6 hands out
 * those with the lowest numbers first.
 */
export const k6Parts: K6Parts | null =
  __VU <= 500
    ? (() => {
        const requireK6 = (globalThis as unknown as { require: <M>(name: string) => M }).require;
        const { Gauge } = requireK6<typeof import('k6/metrics')>('k6/metrics');
        return {
          http: requireK6<K6Parts['http']>('k6/http'),
          exec,
          sleep,
          generatorMemory: new Gauge('generator_memory').add as Add,
          connectionsNow: new Gauge('ws_connections_now').add as Add,
          connectionsDue: new Gauge('ws_connections_due').add as Add,
        };
      })()
    : null;

/**
 * Start of the k6 scenario that this VU has had its iteration in: there it makes its attempts once, whatever k6 starts
 * again. The next scenario may use the same VU.
 */
let spentIn = 0;

/** What a VU's connections share, and the VU's place in the ramp, counted over all processes of the test. */
export interface Iteration {
  context: Context;
  vuIndex: number;
}

/**
 * Begins a VU's iteration, the only one in its scenario unless connections arrive on their own; null for one too
 * many, after waiting for the planned end.
 *
 * @param env - of the scenario, with its Run.
 */
export function beginIteration(env: Record<string, string | undefined>): Iteration | null {
  const run = runFrom(env);
  if (!run) {
    exec.test.abort(
      'k6 replaced the scenario and with it the plan: set WS_CONNECTIONS and WS_HOLD instead of --vus, --iterations, --duration or --stage',
    );
    return null;
  }
  const { startTime, iterationInTest, iterationInInstance } = exec.scenario;
  if (run.arrives) {
    // When its last turn and its end coincide, k6 may start one too many.
    if (iterationInTest >= run.connections) return null;
  } else if (spentIn === startTime) {
    sleep((startTime + run.totalMs - Date.now()) / 1000);
    return null;
  }
  spentIn = startTime;
  if (iterationInInstance === 0) {
    ledger.connectsUnattempted(shareOf(exec.test.options, run.connections, run.perVu).connections);
  }
  return { context: { run, ledger, startedAt: run.arrives ? Date.now() : startTime }, vuIndex: iterationInTest };
}
