import { sleep } from '../k6.ts';
import { ws } from '../k6-ws.ts';
import { lazily } from '../lazily.ts';
import type { Connection, Dial, Opening, Vu, Wire } from './connection.ts';
import { lifeOf } from './life.ts';

const openingModule = lazily(() => require('./opening.ts') as typeof import('./opening.ts'));

/** The part of k6/ws's socket that is used; its own type lacks the Go error of `error` events. */
interface K6Socket extends Wire {
  on(this: void, event: string, handler: (argument: never) => void): void;
  setTimeout(this: void, callback: () => void, delayMs: number): void;
}

/** The wire is the socket. */
const NO_SOCKET = {};

/** The answer to the handshake, known when the connection has ended. */
interface Response {
  status: number;
  error?: string;
  headers?: Record<string, string>;
}

/** k6/ws writes without a deadline: this much fits the socket's buffers when the server reads nothing (MAX_UNREAD_BYTES). */
export const MAX_FRAME_BYTES = 65_000;

/**
 * One connection on one VU over k6/ws, from attempt to end; then the VU stays down until its planned close, so that
 * k6 starts no further iteration in its place. Blocks for the whole time.
 *
 * @param index - place in the ramp, over all processes of the test.
 */
export function holdOverK6Ws(vu: Vu, index: number): void {
  const { run, ledger } = vu;
  vu.maxFrameBytes = MAX_FRAME_BYTES;
  vu.closesLater = true;
  const life = lifeOf(vu);
  let opening: Opening | null = openingModule().openingOf(vu, life);
  const clock = Date.now;
  opening.attempted(1);
  const connection = opening.begin(index, clock());
  let lastError = '';
  let dial: Dial | null = null;
  try {
    dial =
      vu.plainUrl === null
        ? vu.directory().dial(index)
        : { url: vu.plainUrl, protocols: [], params: null, state: undefined };
    connection.state = dial.state;
    connection.begunAt = clock();
    const response: Response = ws.connect(dial.url, dial.params, setUp as never);
    if (connection.phase === 'connecting') {
      life.parts().endings.refusedHandshake(connection, response.error ?? '', response.status, clock());
    }
    if (run.compression && response.status === 101 && !response.headers?.['Sec-Websocket-Extensions']) {
      life.parts().notes.count(connection, 'detail', 'compression was asked for, the server declined it');
    }
    // Only the answer to the handshake, which comes when the connection has ended, tells the sub-protocol.
    if (connection.phase === 'closing') {
      const chosen = response.headers?.['Sec-Websocket-Protocol'] ?? '';
      const isPlain = chosen === '' && dial.protocols.length === 0;
      const problem = isPlain ? null : life.parts().endings.subprotocolProblem(dial.protocols, chosen);
      if (problem === null) life.closed(connection);
      else {
        connection.phase = 'ready';
        life.parts().endings.end(connection, 'subprotocol', problem);
      }
    }
  } catch (error) {
    // What a conversation throws before the handshake; k6 throws for an address that it cannot read.
    if (dial === null) life.parts().endings.scriptError(connection, error);
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
    const wakeBy = (_connection: Connection, at: number) => {
      if (at === 0 || (wakeAt !== 0 && wakeAt <= at)) return;
      wakeAt = at;
      timers += 1;
      const now = clock();
      setTimeout(wake, at > now ? at - now : 1);
    };
    const wake = () => {
      timers -= 1;
      const now = clock();
      if (now < wakeAt && timers > 0) return;
      const at = now < wakeAt ? wakeAt : life.tick(connection, now);
      wakeAt = 0;
      wakeBy(connection, at);
    };
    vu.wake = wakeBy;
    let receive = (frame: string | ArrayBuffer) => life.received(connection, frame, clock(), null);
    if (run.beatMs > 0) receive = openingModule().watched(vu, receive, setTimeout);
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
    wakeBy(connection, (opening as Opening).opened(connection, socket, NO_SOCKET, clock()));
    // A VU makes one attempt, unless connections arrive on their own: what only that needs is 11 KB of its 110.
    if (!run.arrives && connection.phase !== 'ended') {
      opening = null;
      ledger.attempts = null as never;
    }
  }
}
