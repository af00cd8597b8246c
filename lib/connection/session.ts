import type { Outgoing } from '../conversation/conversation.ts';
import { type Connection, isUp, type Life, type Timer, type Vu } from './connection.ts';
import { directoryOf, userOf } from './directory.ts';

/**
 * Adds to `session`, the prototype of a VU's connections, what a conversation of a user's can call; answered() and
 * pushed() are there already. After the end of a connection they do nothing. See lib/conversation/conversation.ts.
 */
export function extendSession(vu: Vu, life: Life, session: object): void {
  const { parts } = life;
  const { moment } = parts();
  const canCall = (connection: Connection) => (moment.at === 0 ? parts().stages.outside(connection) : isUp(connection));

  function timer(connection: Connection, ms: number, everyMs: number, callback: Timer['callback']): void {
    // Text would be put behind the time it is added to.
    if (typeof callback !== 'function' || !(Number.isFinite(ms) && ms >= 1)) {
      const given = typeof ms === 'string' ? JSON.stringify(ms) : String(ms);
      throw new TypeError(
        `after() and every() take a number of ms, at least 1, and a function; got ${given} and ${typeof callback}`,
      );
    }
    moment.isUsed = true;
    if (!canCall(connection)) return;
    const at = moment.at + ms;
    parts().stages.addTimer(connection, { at, everyMs, callback });
    vu.wake(connection, at);
  }

  const calls = {
    get user() {
      return userOf(vu.given?.users ?? null, (this as unknown as Connection).index);
    },
    get url() {
      return directoryOf(vu).client((this as unknown as Connection).index).url;
    },
    get protocol() {
      return (this as unknown as Connection).socket?.protocol ?? '';
    },
    send(this: Connection, frame: Outgoing) {
      moment.isUsed = true;
      if (canCall(this)) parts().flow.send(this, frame);
    },
    ready(this: Connection) {
      moment.isUsed = true;
      if (canCall(this)) parts().stages.ready(this, moment.at);
    },
    partly(this: Connection, n: number) {
      if (canCall(this)) parts().requests.partly(this, n);
    },
    refused(this: Connection, n: number, word: string) {
      if (canCall(this)) parts().requests.refused(this, n, word);
    },
    expected(this: Connection) {
      if (canCall(this)) moment.isUsed = true;
    },
    stamp(this: Connection, n: number) {
      if (moment.at === 0) parts().stages.outside(this);
      return parts().fanOut.stamp(this, n);
    },
    delivered(this: Connection, text: string) {
      return canCall(this) && parts().fanOut.delivered(this, text);
    },
    ping(this: Connection) {
      moment.isUsed = true;
      if (canCall(this)) vu.wire.ping(this.socket);
    },
    after(this: Connection, ms: number, callback: Timer['callback']) {
      timer(this, ms, 0, callback);
    },
    every(this: Connection, ms: number, callback: Timer['callback']) {
      timer(this, ms, ms, callback);
    },
    fail(this: Connection, word: string) {
      moment.isUsed = true;
      if (canCall(this)) parts().endings.broken(this, word);
    },
    done(this: Connection) {
      moment.isUsed = true;
      if (this.phase === 'goodbye') life.finish(this);
      else if (canCall(this)) throw new Error('done() before goodbye(): it completes the goodbye');
    },
  };
  Object.defineProperties(session, Object.getOwnPropertyDescriptors(calls));
}
