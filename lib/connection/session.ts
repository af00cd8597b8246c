import type { Outgoing } from '../conversation/conversation.ts';
import type { Connection, Life, Timer, Vu } from './connection.ts';
import { directoryOf } from './directory.ts';

/**
 * Adds to `session`, the prototype of a VU's connections, what a conversation of a user's can call; answered() and
 * pushed() are there already. After the end of a connection they do nothing. See lib/conversation/conversation.ts.
 */
export function extendSession(vu: Vu, life: Life, session: object): void {
  const parts = life.parts();
  const { moment } = parts;
  const isUp = (connection: Connection) => {
    const { phase } = connection;
    if (moment.at === 0) return parts.stages.outside(connection);
    return phase === 'login' || phase === 'ready' || phase === 'draining' || phase === 'goodbye';
  };

  function timer(connection: Connection, ms: number, everyMs: number, callback: Timer['callback']): void {
    // Text would be put behind the time it is added to.
    if (typeof callback !== 'function' || !(Number.isFinite(ms) && ms >= 1)) {
      const given = typeof ms === 'string' ? JSON.stringify(ms) : String(ms);
      throw new TypeError(
        `after() and every() take a number of ms, at least 1, and a function; got ${given} and ${typeof callback}`,
      );
    }
    moment.isUsed = true;
    if (!isUp(connection)) return;
    const at = moment.at + ms;
    parts.stages.addTimer(connection, { at, everyMs, callback });
    vu.wake(connection, at);
  }

  const calls = {
    get user() {
      return directoryOf(vu).client((this as unknown as Connection).index).user;
    },
    get url() {
      return directoryOf(vu).client((this as unknown as Connection).index).url;
    },
    get protocol() {
      return (this as unknown as Connection).socket?.protocol ?? '';
    },
    send(this: Connection, frame: Outgoing) {
      moment.isUsed = true;
      if (isUp(this)) parts.flow.send(this, frame);
    },
    ready(this: Connection) {
      moment.isUsed = true;
      if (isUp(this)) parts.stages.ready(this, moment.at);
    },
    partly(this: Connection, n: number) {
      if (isUp(this)) parts.requests.partly(this, n);
    },
    refused(this: Connection, n: number, word: string) {
      if (isUp(this)) parts.requests.refused(this, n, word);
    },
    expected(this: Connection) {
      if (isUp(this)) moment.isUsed = true;
    },
    stamp(this: Connection, n: number) {
      if (moment.at === 0) parts.stages.outside(this);
      return parts.fanOut.stamp(this, n);
    },
    delivered(this: Connection, text: string) {
      return isUp(this) && parts.fanOut.delivered(this, text);
    },
    ping(this: Connection) {
      moment.isUsed = true;
      if (isUp(this)) vu.wire.ping(this.socket);
    },
    after(this: Connection, ms: number, callback: Timer['callback']) {
      timer(this, ms, 0, callback);
    },
    every(this: Connection, ms: number, callback: Timer['callback']) {
      timer(this, ms, ms, callback);
    },
    fail(this: Connection, word: string) {
      moment.isUsed = true;
      if (isUp(this)) parts.endings.broken(this, word);
    },
    done(this: Connection) {
      moment.isUsed = true;
      if (this.phase === 'goodbye') life.finish(this);
      else if (isUp(this)) throw new Error('done() before goodbye(): it completes the goodbye');
    },
  };
  Object.defineProperties(session, Object.getOwnPropertyDescriptors(calls));
}
