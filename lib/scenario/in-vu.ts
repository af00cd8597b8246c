import type { Directory, Vu } from '../connection/connection.ts';
import { check, exec, sleep, type WithRequire } from '../k6.ts';
import { lazily } from '../lazily.ts';
import type { ComingBack } from './coming-back.ts';

/** VUs above this number are never asked to watch the generator: k6 hands out the lowest first. */
const WATCHING_VUS = 100;

const begin = lazily(() => require('./begin.ts') as typeof import('./begin.ts'));
const directories = lazily(() => require('./directory.ts') as typeof import('./directory.ts'));

/** One of the transports: holds the connections of a VU. */
type Hold = (vu: Vu, vuIndex: number) => void;

/** Makes cookies for one connection. In k6's init stage only. */
export function cookieJars(): () => unknown {
  const { CookieJar } = (globalThis as unknown as WithRequire).require<typeof import('k6/http')>('k6/http');
  return () => new CookieJar();
}

/**
 * What k6 runs in each VU. In its init stage: loads the conversation, makes the metrics. The functions that it returns are
 * the VU's iterations: its connections, and the watch of the generator.
 *
 * @param jars - where the transport keeps cookies, which all connections of a VU would share.
 * @param hasSteps - the connections come in steps (lib/plan/capacity.ts).
 * @param comingBack - who fails or is dropped comes back (coming-back.ts).
 */
export function inEachVu(
  hold: Hold,
  jars: typeof cookieJars | null = null,
  hasSteps = false,
  comingBack: (() => ComingBack) | null = null,
): { connect(): void; watch(): void | Promise<void> } {
  const init = () => (require('./init.ts') as typeof import('./init.ts')).initOf(__ENV);
  const { conversation, traits } = (
    require('../conversation/load.ts') as typeof import('../conversation/load.ts')
  ).loadConversation(__ENV['WS_CONVERSATION']?.trim() || 'echo', init);
  const ledger = (require('../metrics/registry.ts') as typeof import('../metrics/registry.ts')).ledgerFor(
    traits,
    check,
    hasSteps,
  );
  const users = __ENV['WS_USERS']?.trim()
    ? (require('./users.ts') as typeof import('./users.ts')).usersOf(__ENV['WS_USERS'], init())
    : null;
  const extendSession = traits.isLean
    ? null
    : (require('../connection/session.ts') as typeof import('../connection/session.ts')).extendSession;
  const jar = jars === null ? null : jars();
  const clients = comingBack === null ? null : comingBack();
  const watch =
    __VU <= WATCHING_VUS
      ? (require('../generator/watch.ts') as typeof import('../generator/watch.ts')).watcher(
          (require('../settings/beside.ts') as typeof import('../settings/beside.ts')).besideOf(__ENV),
        )
      : connect;
  /** Start of the k6 scenario in which the VU has had its iteration, and the planned end of that, in ms since the epoch. */
  let spentAt = 0;
  let until = 0;

  /** The VU's connections, from attempt to end; one iteration is all of them, unless they arrive on their own. */
  function connect(): void {
    const begun = begin().beginIteration(exec, sleep, spentAt, until, () => __ENV, ledger, conversation, traits);
    if (begun === null) return;
    const { run, kinds, vuIndex, startedAt } = begun;
    ({ spentAt, until } = begun);
    const { handshake, begin: makesState } = conversation;
    const isPlain = jar === null && !run.compression && handshake === undefined && makesState === undefined;
    const env = isPlain && run.url !== null ? null : __ENV;
    const comesBack = clients === null ? null : clients(__ENV);
    // 5 KB in each VU, which has its one iteration.
    if (isPlain && !run.arrives) delete (globalThis as unknown as Record<string, unknown>)['__ENV'];
    let directory: Directory | null = null;
    const vu: Vu = {
      run,
      ledger,
      conversation,
      traits,
      kinds,
      startedAt,
      extendSession,
      directory() {
        directory ??= directories().directoryFor(run, env, conversation, users, jar);
        return directory;
      },
      plainUrl: isPlain ? run.url : null,
      maxFrameBytes: Infinity,
      closesLater: false,
      wire: null as never,
      send: null as never,
      wake: null as never,
    };
    if (comesBack !== null) vu.comesBack = comesBack;
    hold(vu, vuIndex);
  }

  return { connect, watch };
}
