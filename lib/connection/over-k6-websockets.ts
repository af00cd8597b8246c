import { WebSocket } from 'k6/websockets';
import { exec } from '../k6.ts';
import type { Run } from '../plan/run.ts';
import type { Access } from '../settings/access.ts';
import { Agenda, type Entry } from './agenda.ts';
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
  /** Ours: what the listeners, which all sockets of a VU share, find the connection by. */
  slot: Slot;
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

/** One of a VU's connections, and its place on the VU's agenda. */
interface Slot extends Entry {
  /** Place in the ramp; PHASE: the change of phases. */
  index: number;
  /** null until its turn. */
  connection: Connection | null;
  lastError: string;
}

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
  const agenda: Agenda<Slot> = new Agenda((slot, now) => {
    if (slot.connection) return tick(slot.connection, now);
    if (slot.index === PHASE) return tagPhase(tags, run, startedAt, now);
    slot.connection = begin(slot.index, now);
    connect(run, access, slot, listeners);
    return slot.connection[Field.state] === 'connecting' ? tick(slot.connection, now) : 0;
  });
  const listeners = listenersFor(agenda, course);
  agenda.add({ at: tagPhase(tags, run, startedAt, Date.now()), index: PHASE, connection: null, lastError: '' });
  const first = vuIndex * run.perVu;
  const last = Math.min(first + run.perVu, run.connections) - 1;
  const batchAt = (index: number) => startedAt + Math.floor(index / run.batchSize) * run.batchDelayMs;
  for (let index = first; index <= last; index++) {
    agenda.add({ at: batchAt(index), index, connection: null, lastError: '' });
  }
  agenda.keepUntil(batchAt(last) + run.closeMs);
}

type Listeners = Record<'open' | 'message' | 'pong' | 'error' | 'close', (event: K6Event) => void>;

function listenersFor(agenda: Agenda<Slot>, { opened, received }: Course): Listeners {
  return {
    open({ target }) {
      agenda.move(target.slot, opened(target.slot.connection as Connection, WIRE, target, Date.now()));
    },
    message({ target, data, timestamp }) {
      received(target.slot.connection as Connection, data, timestamp);
    },
    pong({ target }) {
      exceptions().ponged(target.slot.connection as Connection);
    },
    error({ target, error }) {
      target.slot.lastError = error ?? '';
    },
    close({ target: { slot }, code }) {
      const connection = slot.connection as Connection;
      if (connection[Field.state] === 'connecting') exceptions().refused(connection, slot.lastError, 0);
      else if (connection[Field.state] !== 'ended') exceptions().dropped(connection, code, slot.lastError, Date.now());
      agenda.move(slot, 0);
    },
  };
}

/** Starts the dial; what comes of it, the listeners hear. */
function connect(run: Run, access: string | Access, slot: Slot, listeners: Listeners): void {
  const { urls, headers } = typeof access === 'string' ? { urls: [access], headers: {} } : access;
  const target = urls[slot.index % urls.length] as string;
  const protocols = run.subprotocol?.split(/\s*,\s*/) ?? null;
  // Without a name k6 would take the whole address, and a token in it, as the tag.
  const params = { headers, tags: { name: 'target' }, ...(run.compression ? { compression: 'deflate' } : {}) };
  try {
    const socket = new WebSocket(target, protocols as null, params as never) as unknown as K6WebSocket;
    socket.slot = slot;
    socket.binaryType = 'arraybuffer';
    for (const type of Object.keys(listeners) as (keyof Listeners)[]) socket.addEventListener(type, listeners[type]);
  } catch (error) {
    exceptions().refused(slot.connection as Connection, String(error), 0);
  }
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
