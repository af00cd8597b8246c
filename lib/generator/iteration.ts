import type { Context } from '../connection/connection.ts';
import type { Ledger } from '../connection/ledger.ts';
import { exec, sleep } from '../k6.ts';
import { shareOf } from '../plan/segment.ts';
import { type Access, accessOf } from '../settings/access.ts';
import { runFrom } from './run-from.ts';
import { spent } from './spent.ts';

/** What a VU's connections share, the VU's place in the ramp, counted over all processes of the test, and the target. */
export interface Iteration {
  context: Context;
  vuIndex: number;
  /** One URL without headers, or what the user's environment says. */
  access: string | Access;
}

/**
 * Begins a VU's iteration, the only one in its scenario unless connections arrive on their own; null for one too
 * many, after waiting for the planned end, and for the watch of the generator.
 *
 * @param env - of the scenario, with its Run.
 */
export function beginIteration(ledger: Ledger, env: Record<string, string | undefined>): Iteration | null {
  const { name, startTime, iterationInTest, iterationInInstance } = exec.scenario;
  // The watch, in a VU that cannot: k6 hands these out last, but promises nothing (WATCH_LEAD_MS in lib/plan/options.ts).
  if (name === 'generator') return null;
  if (spent.startTime === startTime) {
    sleep((spent.until - Date.now()) / 1000);
    return null;
  }
  const run = runFrom(env);
  if (!run) {
    exec.test.abort(
      'k6 replaced the scenario and with it the plan: set WS_CONNECTIONS and WS_HOLD instead of --vus, --iterations, --duration or --stage',
    );
    return null;
  }
  // When the last turn and the end coincide, k6 may start one too many.
  if (run.arrives && iterationInTest >= run.connections) return null;
  if (!run.arrives) {
    spent.startTime = startTime;
    spent.until = startTime + run.totalMs;
  }
  if (iterationInInstance === 0) {
    ledger.connectsUnattempted(shareOf(exec.test.options, run.connections, run.perVu).connections);
  }
  return {
    context: { run, ledger, startedAt: run.arrives ? Date.now() : startTime },
    vuIndex: iterationInTest,
    access: run.url ?? accessOf(env),
  };
}
