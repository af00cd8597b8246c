import type { MakeJar, Vu } from '../connection/connection.ts';
import { check, exec, sleep, type WithRequire } from '../k6.ts';
import { lazily } from '../lazily.ts';
import type { ComingBack } from './coming-back.ts';
import { moveCookies } from './cookies.ts';

/** VUs above this number are never asked to watch the generator: k6 hands out the lowest first. */
const WATCHING_VUS = 100;

/** In place of what a VU no longer needs. */
const SPENT = null as never;

const begin = lazily(() => require('./begin.ts') as typeof import('./begin.ts'));

/** One of the transports: holds the connections of a VU by a module of k6's. */
type Hold<K6Module> = (vu: Vu, module: K6Module, wait: typeof sleep) => void;

/** What makes the cookies of a connection. In k6's init stage only. */
export function cookieJars(): MakeJar {
  const { CookieJar, cookieJar } = (globalThis as unknown as WithRequire).require<typeof import('k6/http')>('k6/http');
  return (url) => {
    const own = new CookieJar();
    if (url !== null) moveCookies(cookieJar(), own, url.replace(/^ws/, 'http'));
    return own;
  };
}

/**
 * What k6 runs in each VU. In its init stage: loads the conversation, makes the metrics. The functions that it returns are
 * the VU's iterations: its connections, and the watch of the generator.
 *
 * @param transport - asked for when a VU's connections begin.
 * @param module - of k6's, for the transport.
 * @param jars - where the transport keeps cookies, which all connections of a VU would share.
 * @param hasSteps - the connections come in steps (lib/plan/capacity.ts).
 * @param comingBack - who fails or is dropped comes back (coming-back.ts).
 */
export function inEachVu<K6Module>(
  transport: () => Hold<K6Module>,
  module: K6Module,
  jars: typeof cookieJars | null = null,
  hasSteps = false,
  comingBack: (() => ComingBack) | null = null,
): { connect(): void; watch(): void | Promise<void> } {
  const name = __ENV['WS_CONVERSATION']?.trim() || 'echo';
  const lean = (require('../conversation/load.ts') as typeof import('../conversation/load.ts')).loadLean(name);
  if (lean === null) {
    (require('./refuse-timers.ts') as typeof import('./refuse-timers.ts')).refuseTimers();
  }
  let { traits, conversation } =
    lean ??
    (require('../conversation/load-other.ts') as typeof import('../conversation/load-other.ts')).loadOther(
      name,
      (require('./init.ts') as typeof import('./init.ts')).initOf(__ENV),
    );
  const ledger = (require('../metrics/registry.ts') as typeof import('../metrics/registry.ts')).ledgerFor(
    traits,
    check,
    hasSteps,
  );
  const users = __ENV['WS_USERS']?.trim()
    ? (require('./users.ts') as typeof import('./users.ts')).usersOf(
        __ENV['WS_USERS'],
        (require('./init.ts') as typeof import('./init.ts')).initOf(__ENV),
        // VU 0 has made them (once.ts).
        () => [],
      )
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

  /** The VU's connections, from attempt to end. */
  function connect(): void {
    const vu = begin().beginIteration(
      { ledger, conversation, traits, users, extendSession, jar, clients, later: begin },
      exec,
      sleep,
      spentAt,
      until,
      __ENV,
    );
    if (vu === null) return;
    const hold = transport();
    // One iteration in this k6 scenario, unless connections arrive on their own.
    if (!vu.run.arrives) {
      spentAt = vu.startedAt;
      until = spentAt + vu.run.totalMs;
      // Over k6/ws a VU has no other scenario: 7 KB in each. A conversation of the user's may read __ENV.
      if (jar === null) {
        if (traits.isLean) (globalThis as unknown as Record<string, unknown>)['__ENV'] = undefined;
        conversation = SPENT;
        transport = SPENT;
      }
    }
    hold(vu, module, sleep);
  }

  return { connect, watch };
}
