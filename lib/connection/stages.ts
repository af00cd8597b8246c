import {
  type Connection,
  isUp,
  type Life,
  type Moment,
  NORMAL_CLOSURE,
  type Stages,
  type Timer,
  type Vu,
} from './connection.ts';
import { rareOf } from './rare.ts';
import { refusePromise } from './refuse-promise.ts';
import { start } from './start.ts';

/** A conversation whose timers call back more often than this in a second, on one connection, has run wild. */
const MAX_CALLBACKS_PER_SECOND = 1_000;

/** Both are no failure by the contract of a conversation, and would be seen nowhere. */
const READY_AT_ONCE = 'ready() was called, but there is no opened()';
const NO_GOODBYE = 'the goodbye was not answered';

/** The stages of a connection that only some conversations have, in their order: login, draining, goodbye; and timers. */
export function stagesOf(vu: Vu, life: Life, moment: Moment): Stages {
  const { run, ledger, conversation } = vu;
  return { login, ready, tickStage, runTimers, drained, addTimer, outside, refuseLater, dueAt };

  function login(connection: Connection, now: number): void {
    const rare = rareOf(connection);
    rare.establishedAt = now;
    rare.deadline = now + run.readyTimeoutMs;
    connection.phase = 'login';
    ledger.ready?.pending(1);
    callBack(connection, now, 'opened', () => conversation.opened?.(connection as never));
  }

  function ready(connection: Connection, now: number): void {
    const rare = rareOf(connection);
    if (!vu.traits.hasLogin && rare.readyAt === 0) {
      rare.readyAt = now;
      life.parts().notes.count(connection, 'detail', READY_AT_ONCE);
    }
    if (connection.phase !== 'login') return;
    // When the frame came in, where that is known: a VU that is late is not the server's fault.
    const arrivedAt = now < rare.deadline || moment.event === null ? now : moment.event.timestamp;
    if (arrivedAt >= rare.deadline || now >= connection.closeAt) {
      timedOut(connection);
      return;
    }
    rare.readyAt = now;
    rare.deadline = 0;
    ledger.ready?.pending(-1);
    ledger.ready?.success(true);
    ledger.ready?.time(now - rare.establishedAt);
    start(vu, connection, now);
    vu.wake(connection, dueAt(connection));
    // Most have no other use for them than this login, and each VU over k6/ws has its own: 50 functions.
    if (vu.isOverK6Ws && life.made?.hasMemory() === false) {
      life.made = null;
      vu.directory = null;
    }
  }

  /** The login was not complete in time. */
  function timedOut(connection: Connection): void {
    life.parts().endings.end(connection, 'timeout', '');
    vu.wire.close(NORMAL_CLOSURE, connection.socket);
  }

  function tickStage(connection: Connection, now: number): void {
    if (connection.rare !== null && connection.rare.timers.length > 0) runTimers(connection, now);
    const { closeAt } = connection;
    switch (connection.phase) {
      case 'connecting':
        if (now - connection.begunAt <= run.handshakeTimeoutMs) return;
        life.parts().endings.failed(connection, 'handshake_timeout', '');
        connection.phase = 'late';
        return;
      case 'login':
        if (now >= rareOf(connection).deadline || now >= closeAt) timedOut(connection);
        return;
      case 'ready':
        if (now < closeAt) return;
        connection.phase = 'draining';
        drained(connection, now);
        return;
      case 'draining':
        drained(connection, now);
        return;
      case 'goodbye':
        if (now < rareOf(connection).deadline) return;
        life.parts().notes.count(connection, 'detail', NO_GOODBYE);
        life.finish(connection);
        return;
      case 'late':
      case 'closing':
      case 'ended':
        return;
      default:
        overwritten(connection);
    }
  }

  /** The types forbid it, k6 does not read them. */
  function overwritten(connection: Connection): void {
    const found = String(connection.phase);
    connection.phase = vu.traits.hasLogin && rareOf(connection).readyAt === 0 ? 'login' : 'ready';
    const text = `session.phase was set to ${JSON.stringify(found)}: keep what is yours in session.state`;
    life.parts().endings.scriptError(connection, new Error(text));
  }

  function drained(connection: Connection, now: number): void {
    life.parts().requests.expire(connection, now);
    life.parts().requests.reportPending(connection);
    if (connection.waiting !== null) return;
    if (conversation.goodbye === undefined) {
      life.finish(connection);
      return;
    }
    connection.phase = 'goodbye';
    rareOf(connection).deadline = now + run.messageTimeoutMs;
    callBack(connection, now, 'goodbye', () => conversation.goodbye?.(connection as never));
    if (connection.phase === 'goodbye') vu.wake(connection, dueAt(connection));
  }

  function runTimers(connection: Connection, now: number): void {
    const { timers } = rareOf(connection);
    for (let timer = timers[0]; timer !== undefined && timer.at <= now; timer = timers[0]) {
      timers.shift();
      if (!isUp(connection)) return;
      const { callback, everyMs } = timer;
      // Times that went by while the generator was busy are left out.
      if (everyMs > 0) addTimer(connection, { ...timer, at: Math.max(timer.at + everyMs, now + 1) });
      callBack(connection, now, 'the callback of after() or every()', () => {
        if (!isWild(connection, now)) return callback(connection as never);
        throw `more than ${MAX_CALLBACKS_PER_SECOND} callbacks of after() and every() in a second on one connection`;
      });
    }
  }

  function isWild(connection: Connection, now: number): boolean {
    const rare = rareOf(connection);
    if (now - rare.secondAt >= 1_000) {
      rare.secondAt = now;
      rare.callbacks = 0;
    }
    rare.callbacks += 1;
    return rare.callbacks > MAX_CALLBACKS_PER_SECOND;
  }

  function dueAt(connection: Connection): number {
    const { phase, closeAt, nextSendAt, rare, waiting } = connection;
    if (phase === 'closing' || phase === 'ended' || phase === 'late') return 0;
    if (phase === 'connecting') return connection.begunAt + run.handshakeTimeoutMs + 1;
    let due = phase === 'ready' && nextSendAt < closeAt ? nextSendAt : closeAt;
    if (phase === 'draining' && waiting !== null) due = waiting.deadline + 1;
    if (rare === null) return due;
    if (rare.deadline > 0 && (rare.deadline < due || phase === 'goodbye')) due = rare.deadline;
    const timer = rare.timers[0];
    return timer !== undefined && timer.at < due ? timer.at : due;
  }

  function addTimer(connection: Connection, timer: Timer): void {
    const { timers } = rareOf(connection);
    let place = timers.length;
    while (place > 0 && (timers[place - 1] as Timer).at > timer.at) place -= 1;
    timers.splice(place, 0, timer);
  }

  function callBack(connection: Connection, now: number, name: string, call: () => unknown): void {
    moment.at = now;
    moment.event = null;
    try {
      refuseLater(call(), name);
    } catch (error) {
      life.parts().endings.scriptError(connection, error);
    }
    moment.at = 0;
  }

  function refuseLater(given: unknown, callback: string): void {
    refusePromise(given, callback, 'a function that does all at once: use after() for what comes later');
  }

  function outside(connection: Connection): false {
    const rare = rareOf(connection);
    // Over k6/ws promises run only when the connection has ended, and what they call would be lost without a word.
    if (!rare.isToldOutside && (isUp(connection) || vu.isOverK6Ws)) {
      rare.isToldOutside = true;
      const text =
        'a call of the session outside of a callback, as from a promise: expected it in opened(), received(), frames(), goodbye() or a callback of after() and every()';
      life.parts().endings.scriptError(connection, new Error(text));
    }
    return false;
  }
}
