import type { Kind } from '../connection/connection.ts';
import { kindsOf } from '../connection/kinds.ts';
import type { Ledger } from '../connection/ledger.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Traits } from '../conversation/traits.ts';
import type { exec as Exec } from '../k6.ts';
import type { Run } from '../plan/run.ts';
import { shareOf } from '../plan/segment.ts';
import { runFrom } from './run-from.ts';

/** What a VU's connections have to know when they begin; nothing else of this file stays in the VU. */
export interface Begun {
  run: Run;
  kinds: Kind[];
  /** Place of the VU in the ramp, over all processes of the test. */
  vuIndex: number;
  /** Start of the ramp, or of the connection where connections arrive on their own, in ms since the epoch. */
  startedAt: number;
  /** Start and planned end of the k6 scenario in which the VU has had its one iteration, in ms since the epoch; 0: it may have more. */
  spentAt: number;
  until: number;
}

/**
 * Begins a VU's iteration; null when there is nothing to do in it.
 *
 * @param exec - k6's module, as sleep(): this file is made when k6's require() works no more. To read its `scenario` takes
 *   5 KB, which are gone after this call.
 * @param spentAt - of the last Begun of this VU, as `until`; 0 at first.
 * @param env - gives the environment of the k6 scenario, with its Run.
 */
export function beginIteration(
  exec: typeof Exec,
  sleep: (seconds: number) => void,
  spentAt: number,
  until: number,
  env: () => Record<string, string | undefined>,
  ledger: Ledger,
  conversation: Conversation<unknown>,
  traits: Traits,
): Begun | null {
  const { name, startTime, iterationInTest, iterationInInstance } = exec.scenario;
  // The watch, in a VU that cannot: k6 promises nothing about the numbers (WATCH_LEAD_MS in lib/plan/options.ts).
  if (name === 'generator' || name === 'beside') return null;
  // One attempt for each planned connection, whatever k6 starts again. The next scenario may use the same VU.
  if (spentAt === startTime) {
    sleep((until - Date.now()) / 1000);
    return null;
  }
  const run = runFrom(env());
  if (run === null) {
    exec.test.abort(
      'k6 replaced the scenario and with it the plan: set WS_CONNECTIONS and WS_HOLD instead of --vus, --iterations, --duration or --stage',
    );
    return null;
  }
  // When the last turn and the end coincide, k6 may start one too many.
  if (run.arrives && iterationInTest >= run.connections) return null;
  if (iterationInInstance === 0) {
    ledger.attempts.unattempted(shareOf(exec.test.options, run.connections, run.perVu).connections);
  }
  return {
    run,
    kinds: kindsOf(conversation, traits, run.messageTimeoutMs),
    vuIndex: iterationInTest,
    startedAt: run.arrives ? Date.now() : startTime,
    spentAt: run.arrives ? 0 : startTime,
    until: startTime + run.totalMs,
  };
}
