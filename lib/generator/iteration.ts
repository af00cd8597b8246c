import type { Context } from '../connection/connection.ts';
import type { Add } from '../connection/ledger.ts';
import { exec, sleep } from '../k6.ts';
import { ledger } from '../metrics/registry.ts';
import type { Run } from '../plan/run.ts';
import { shareOf } from '../plan/segment.ts';
import type { K6Parts } from './memory.ts';

const requireK6 = (globalThis as unknown as { require: <M>(name: string) => M }).require;

/**
 * What watching takes (memory.ts); null in the VUs that are never asked to, where it would only weigh: k6 hands out
 * those with the lowest numbers first.
 */
export const k6Parts: K6Parts | null =
  __VU <= 500
    ? {
        http: requireK6<K6Parts['http']>('k6/http'),
        exec,
        sleep,
        generatorMemory: new (requireK6<typeof import('k6/metrics')>('k6/metrics').Gauge)('generator_memory')
          .add as Add,
      }
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
 * @param plan - the scenario's Run as JSON.
 */
export function beginIteration(plan: string | undefined): Iteration | null {
  if (!plan) {
    exec.test.abort(
      'k6 replaced the scenario and with it the plan: set WS_CONNECTIONS and WS_HOLD instead of --vus, --iterations, --duration or --stage',
    );
    return null;
  }
  const { startTime, iterationInTest, iterationInInstance } = exec.scenario;
  const run: Run = JSON.parse(plan);
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
