import type { ComesBack, MakeJar, Vu } from '../connection/connection.ts';
import { kindsOf } from '../connection/kinds.ts';
import type { Ledger } from '../connection/ledger.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Traits } from '../conversation/traits.ts';
import type { exec as Exec } from '../k6.ts';
import { lazily } from '../lazily.ts';
import { runFrom } from './run-from.ts';

/** Apart, since a function that is made here and kept would keep all functions of this file. */
export const seldom = lazily(() => require('./seldom.ts') as typeof import('./seldom.ts'));

/** What a VU has made in k6's init stage. */
export interface Made {
  ledger: Ledger;
  conversation(): Conversation<unknown>;
  traits: Traits;
  users: ArrayLike<Record<string, string>> | null;
  extendSession: Vu['extendSession'];
  later: Vu['later'];
  /** null where the transport keeps none. */
  jar: MakeJar | null;
  clients: ((env: Record<string, string | undefined>) => ComesBack) | null;
}

/**
 * Begins a VU's iteration: what its connections have to know; null when there is nothing to do in it.
 *
 * @param exec - k6's module, as sleep(): this file is made when k6's require() works no more.
 * @param spentAt - start of the k6 scenario in which the VU has had its one iteration, in ms since the epoch; 0: it may have more.
 * @param until - planned end of that, in ms since the epoch.
 * @param env - of the k6 scenario, with its Run.
 */
export function beginIteration(
  made: Made,
  exec: typeof Exec,
  sleep: (seconds: number) => void,
  spentAt: number,
  until: number,
  env: Record<string, string | undefined>,
): Vu | null {
  const { ledger, traits, users, jar } = made;
  // To read it takes 5 KB, which are gone after this call.
  const { name, startTime, iterationInTest, iterationInInstance } = exec.scenario;
  // The watch, in a VU that cannot: k6 promises nothing about the numbers (WATCH_LEAD_MS in lib/plan/options.ts).
  if (name === 'generator' || name === 'beside') return null;
  // One attempt for each planned connection, whatever k6 starts again. The next scenario may use the same VU.
  if (spentAt === startTime) {
    sleep((until - Date.now()) / 1000);
    return null;
  }
  const run = runFrom(env);
  if (run === null) {
    exec.test.abort(
      'k6 replaced the scenario and with it the plan: set WS_CONNECTIONS and WS_HOLD instead of --vus, --iterations, --duration or --stage',
    );
    return null;
  }
  // When the last turn and the end coincide, k6 may start one too many.
  if (run.arrives && iterationInTest >= run.connections) return null;
  if (iterationInInstance === 0) {
    ledger.attempts.unattempted(seldom().shareOf(exec.test.options, run.connections, run.perVu).connections);
  }
  const conversation = made.conversation();
  const { handshake, begin } = conversation;
  const isOneAddress = run.url !== null && users === null && !run.compression;
  const isPlain = isOneAddress && jar === null && handshake === undefined && begin === undefined;
  const vu: Vu = {
    index: iterationInTest,
    run,
    ledger,
    conversation,
    traits,
    kinds: kindsOf(conversation, traits, run.messageTimeoutMs),
    startedAt: run.arrives ? Date.now() : startTime,
    extendSession: made.extendSession,
    directory: null,
    later: made.later,
    isOverK6Ws: false,
    wire: null as never,
    send: null as never,
    wake: null as never,
  };
  if (!isPlain) vu.given = { env: run.url === null ? env : null, users, jar, told: {} };
  if (!traits.isLean) vu.clock = Date.now;
  if (made.clients !== null) vu.comesBack = made.clients(env);
  return vu;
}
