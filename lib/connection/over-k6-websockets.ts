import { WebSocket } from 'k6/websockets';
import { exec } from '../k6.ts';
import type { Run } from '../plan/run.ts';
import type { Access } from '../settings/access.ts';
import { Agenda } from './agenda.ts';
import { type Connection, type Context, Field, type Wire } from './connection.ts';
import { type Course, courseOf } from './course.ts';
import { exceptions } from './exceptions.ts';
import { tagPhase } from './phase.ts';

/** The part of k6's WebSocket that is used. */
interface K6WebSocket {
  binaryType: string;
  readyState: number;
  addEventListener(type: string, listener: (event: K6Event) => void): void;
  send(data: string | Uint8Array): void;
  ping(): void;
  close(code: number): void;
  /** Ours, for the listeners, which all sockets of a VU share. */
  connection: Connection;
  lastError?: string;
}

/** k6's events carry more than @types/k6 says. */
interface K6Event {
  target: K6WebSocket;
  /** When k6 read the frame, in ms since the epoch with fractions. */
  timestamp: number;
  data: string | ArrayBuffer;
  error?: string;
  code?: number;
}

/** On a VU's agenda: a connection, the place in the ramp of one that has not begun, or PHASE: the change of phases. */
type Item = Connection | number;

const PHASE = -1;

/** WebSocket.OPEN in the standard. */
const OPEN = 1;

/**
 * The connections of one VU over k6/websockets, from attempt to end: those with the VU's share of the indices. Returns
 * at once; the VU's event loop lives until the last has ended and its time is over, so that k6 starts no further
 * iteration in its place.
 *
 * @param vuIndex - place of the VU in the ramp, over all processes of the test.
 */
export function holdOverK6Websockets(context: Context, vuIndex: number, access: string | Access): void {
  const { run, startedAt } = context;
  const { tags } = exec.vu.metrics;
  const course = courseOf(context);
  const { begin, tick } = course;
  const agenda: Agenda<Item> = new Agenda((item, now) => {
    if (typeof item !== 'number') return tick(item, now);
    if (item === PHASE) return tagPhase(tags, run, startedAt, now);
    const connection = begin(item, now);
    dial(connection);
    if (connection[Field.state] === 'connecting') agenda.add(connection, tick(connection, now));
    return 0;
  });
  const dial = dialer(run, access, listenersFor(agenda, course));
  agenda.add(PHASE, tagPhase(tags, run, startedAt, Date.now()));
  const first = vuIndex * run.perVu;
  const last = Math.min(first + run.perVu, run.connections) - 1;
  const batchAt = (index: number) => startedAt + Math.floor(index / run.batchSize) * run.batchDelayMs;
  for (let index = first; index <= last; index++) agenda.add(index, batchAt(index));
  agenda.keepUntil(batchAt(last) + run.closeMs);
}

type Listeners = Record<'open' | 'message' | 'pong' | 'error' | 'close', (event: K6Event) => void>;

function listenersFor(agenda: Agenda<Item>, { opened, received }: Course): Listeners {
  return {
    open({ target }) {
      const { connection } = target;
      agenda.move(connection, opened(connection, WIRE, target, Date.now()));
    },
    message({ target, data, timestamp }) {
      received(target.connection, data, timestamp);
    },
    pong({ target }) {
      exceptions().ponged(target.connection);
    },
    error({ target, error }) {
      target.lastError = error ?? '';
    },
    close({ target: { connection, lastError = '' }, code }) {
      if (connection[Field.state] === 'connecting') exceptions().refused(connection, lastError, 0);
      else if (connection[Field.state] !== 'ended') exceptions().dropped(connection, code, lastError, Date.now());
      agenda.move(connection, 0);
    },
  };
}

/** What starts the dial of a connection; what comes of it, the listeners hear. */
function dialer(run: Run, access: string | Access, listeners: Listeners): (connection: Connection) => void {
  const { urls, headers } = typeof access === 'string' ? { urls: [access], headers: {} } : access;
  const protocols = run.subprotocol?.split(/\s*,\s*/) ?? null;
  // Without a name k6 would take the whole address, and a token in it, as the tag.
  const params = { headers, tags: { name: 'target' }, ...(run.compression ? { compression: 'deflate' } : {}) };
  const types = Object.keys(listeners) as (keyof Listeners)[];
  return (connection) => {
    const target = urls[connection[Field.index] % urls.length] as string;
    try {
      const socket = new WebSocket(target, protocols as null, params as never) as unknown as K6WebSocket;
      socket.connection = connection;
      socket.binaryType = 'arraybuffer';
      for (const type of types) socket.addEventListener(type, listeners[type]);
    } catch (error) {
      exceptions().refused(connection, String(error), 0);
    }
  };
}

/** One for all sockets of a VU. */
const WIRE: Wire = {
  send(text, socket) {
    try {
      (socket as K6WebSocket).send(text);
    } catch {
      // k6 has closed it, and says so in an event that comes after this. Asking first would cost more than the sending.
    }
  },

  ping(socket) {
    const { readyState } = socket as K6WebSocket;
    if (readyState === OPEN) (socket as K6WebSocket).ping();
  },

  /**
   * Sends the close frame and closes the TCP connection, as k6/ws does. k6's own close() waits for the server's
   * close frame with no limit, and a server that never sends it (frozen, gone, not reading) holds k6 past every limit
   * of the test. What ends the wait is a write after the close frame: it fails and k6 drops the connection. send()
   * refuses once closing, but it looks at the state before it looks at its argument, so the close goes in between.
   */
  close(code, socket) {
    const { readyState } = socket as K6WebSocket;
    if (readyState !== OPEN) return;
    const isView = ArrayBuffer.isView;
    ArrayBuffer.isView = ((value: unknown) => {
      (socket as K6WebSocket).close(code);
      return isView(value);
    }) as typeof ArrayBuffer.isView;
    try {
      (socket as K6WebSocket).send(new Uint8Array(1));
    } finally {
      ArrayBuffer.isView = isView;
    }
  },
};
