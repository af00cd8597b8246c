import type { sleep as Sleep } from '../k6.ts';
import type { ws as K6Ws } from '../k6-ws.ts';
import type { Connection, Dial, Socket, Vu, Wire } from './connection.ts';
import { lifeOf, onDemand } from './life.ts';

/** The part of k6/ws's socket that is used; its own type lacks the Go error of `error` events. */
interface K6Socket extends Wire {
  on(this: void, event: string, handler: (argument: never) => void): void;
  setTimeout(this: void, callback: () => void, delayMs: number): void;
}

/** The answer to the handshake, known when the connection has ended. */
interface Response {
  status: number;
  error?: string;
  headers?: Record<string, string>;
}

/**
 * One connection on one VU over k6/ws, from attempt to end; then the VU stays down until its planned close, so that
 * k6 starts no further iteration in its place. Blocks for the whole time.
 *
 * @param ws - k6's module, as sleep(): this file is made when k6's require() works no more.
 */
export function hold(vu: Vu, ws: typeof K6Ws, sleep: typeof Sleep): void {
  const { run, ledger, index } = vu;
  vu.isOverK6Ws = true;
  const life = lifeOf(vu);
  const { tick, received } = life;
  let opening: ReturnType<typeof onDemand> | null = onDemand();
  const clock = Date.now;
  opening.attempted(vu, 1);
  const connection = opening.begin(vu, life, index, clock());
  let lastError = '';
  /** null: the plain address is all. */
  let dial: Dial | null = null;
  let isDialled = false;
  try {
    if (vu.given !== undefined) {
      // Not kept in the VU: 20 functions, which few ask again.
      dial = vu.later().seldom().directoryFor(vu).dial(index);
      connection.state = dial.state;
    }
    isDialled = true;
    connection.begunAt = clock();
    const response: Response = ws.connect(
      dial === null ? (run.url as string) : dial.url,
      dial === null ? null : dial.params,
      setUp as never,
    );
    if (connection.phase === 'connecting') {
      const { error = '', status, headers } = response;
      const extensions = headers?.['Sec-Websocket-Extensions'];
      life.parts().endings.refusedHandshake(connection, error, status, clock(), extensions);
    }
    if (run.compression && response.status === 101 && !response.headers?.['Sec-Websocket-Extensions']) {
      life.parts().notes.count(connection, 'detail', 'compression was asked for, the server declined it');
    }
    // Only the answer to the handshake, which comes when the connection has ended, tells the sub-protocol.
    if (connection.phase === 'closing') {
      const chosen = response.headers?.['Sec-Websocket-Protocol'] ?? '';
      const asked = dial?.protocols ?? [];
      const isPlain = chosen === '' && asked.length === 0;
      const problem = isPlain ? null : life.parts().endings.subprotocolProblem(asked, chosen);
      if (problem === null) life.finish(connection);
      else {
        connection.phase = 'ready';
        life.parts().endings.end(connection, 'subprotocol', problem);
      }
    }
  } catch (error) {
    // What a conversation throws before the handshake; k6 throws for an address that it cannot read.
    if (!isDialled) life.parts().endings.scriptError(connection, error);
    else if (connection.phase === 'connecting')
      life.parts().endings.refusedHandshake(connection, String(error), 0, clock());
    else life.parts().endings.scriptError(connection, error);
  }
  const rest = connection.closeAt - clock();
  if (rest > 0) sleep(rest / 1000);

  function setUp(socket: K6Socket): void {
    const { on, setTimeout } = socket;
    /** When the connection wants its tick, and how many timers of k6's are under way, of which none can be taken back. */
    let wakeAt = 0;
    let timers = 0;
    const wake = (_connection?: Connection, earlier = 0) => {
      const now = clock();
      let at = earlier;
      if (at === 0) {
        // A timer has come: early, or late for what an earlier one has done.
        timers -= 1;
        if (now < wakeAt && timers > 0) return;
        at = now < wakeAt ? wakeAt : tick(connection, now);
        wakeAt = 0;
      }
      if (at === 0 || (wakeAt !== 0 && wakeAt <= at)) return;
      wakeAt = at;
      timers += 1;
      setTimeout(wake, at > now ? at - now : 1);
    };
    vu.wake = wake;
    let receive = (frame: string | ArrayBuffer) => received(connection, frame, clock(), null);
    if (run.beatMs > 0) receive = life.parts().watched(receive, setTimeout);
    // One function for three events (0.7 KB each): close tells its code, error a Go error, pong nothing.
    const hear = (told?: number | { error(): string }) => {
      if (told === undefined) life.parts().flow.ponged(connection);
      else if (typeof told !== 'number') lastError = told.error();
      else if (connection.phase !== 'closing' && connection.phase !== 'ended') {
        life.parts().endings.gone(connection, told, lastError, '', clock());
      }
    };
    on('message', receive);
    on('binaryMessage', receive);
    on('pong', hear);
    on('error', hear);
    on('close', hear);
    const { opened } = opening as NonNullable<typeof opening>;
    const firstAt = opened(vu, life, connection, socket, socket as Socket, clock());
    if (firstAt > 0) wake(connection, firstAt);
    // A VU makes one attempt, unless connections arrive on their own: what only that needs is 11 KB of its 110.
    if (!run.arrives && connection.phase !== 'ended') {
      opening = null;
      ledger.attempts = null as never;
    }
  }
}
