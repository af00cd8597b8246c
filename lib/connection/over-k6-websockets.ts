import { WebSocket } from 'k6/websockets';
import { exec } from '../k6.ts';
import type { Run } from '../plan/run.ts';
import type { Access } from '../settings/access.ts';
import { type Agenda, agendaOf } from './agenda.ts';
import { type Connection, type Context, Field, type Wire } from './connection.ts';
import { type Course, courseOf } from './course.ts';
import { exceptions } from './exceptions.ts';
import { tagPhase } from './phase.ts';

/** The part of k6's WebSocket that is used. */
interface K6WebSocket {
  binaryType: string;
  readyState: number;
  onopen: Listener;
  onmessage: Listener;
  onerror: Listener;
  onclose: Listener;
  onpong: Listener;
  send(data: string | Uint8Array): void;
  ping(): void;
  close(code: number): void;
  /** Ours, for the listeners that all sockets of a VU share. */
  connection: Connection;
  lastError?: string;
}

/** Set as a property: one that is added by addEventListener() is called through Go's reflection. */
type Listener = (event: K6Event) => void;

/** k6's events carry more than @types/k6 says. */
interface K6Event {
  /** To read it is a call through Go's reflection. */
  target: K6WebSocket;
  /** When k6 read the frame, in ms since the epoch with fractions. To read it is such a call too. */
  timestamp: number;
  data: string | ArrayBuffer;
  error?: string;
  code?: number;
}

/** On a VU's agenda: a connection that is open, the place in the ramp of the first of a batch, or DEADLINES. */
type Item = Connection | number;

/** Of the handshakes, once for all that are under way. */
const DEADLINES = -1;

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
  // Read once: a name that is not ours takes a search through all scopes.
  const clock = Date.now;
  const agenda = agendaOf<Item>((item, now) => {
    if (typeof item !== 'number') return tick(item, now);
    return item === DEADLINES ? giveUp(now) : attempt(item);
  });
  const dial = dialer(run, access, course, listenersFor(agenda, course, settled), settled);
  const begun: Connection[] = [];
  let connecting = 0;
  const first = vuIndex * run.perVu;
  const end = Math.min(first + run.perVu, run.connections);
  const batchAt = (index: number) => startedAt + Math.floor(index / run.batchSize) * run.batchDelayMs;
  const batchAfter = (index: number) => Math.min(index - (index % run.batchSize) + run.batchSize, end);
  for (let batch = first; batch < end; batch = batchAfter(batch)) agenda.add(batch, batchAt(batch));
  const endAt = batchAt(end - 1) + run.closeMs;
  const alarm = (now: number) => tagPhase(tags, run, startedAt, now) || (now < endAt ? endAt : 0);
  agenda.alarm(alarm(clock()), alarm);

  function attempt(batch: number): number {
    const next = batchAfter(batch);
    const isFirst = connecting === 0;
    connecting += next - batch;
    course.attempted(next - batch);
    for (let index = batch; index < next; index++) {
      const connection = begin(index, clock());
      begun.push(connection);
      dial(connection);
    }
    if (isFirst && connecting > 0) agenda.add(DEADLINES, clock() + run.handshakeTimeoutMs + 1);
    return 0;
  }

  function giveUp(now: number): number {
    let earliest = 0;
    for (const connection of begun) {
      if (connection[Field.state] !== 'connecting') continue;
      const deadline = tick(connection, now);
      if (deadline === 0) connecting -= 1;
      else earliest = earliest === 0 ? deadline : Math.min(earliest, deadline);
    }
    return earliest;
  }

  /** A handshake has come to its end in time. */
  function settled(): void {
    connecting -= 1;
    // Or it would keep the VU until then.
    if (connecting === 0) agenda.move(DEADLINES, 0);
  }
}

type Listeners = Record<'open' | 'error' | 'close', Listener>;

function listenersFor(agenda: Agenda<Item>, { opened }: Course, settled: () => void): Listeners {
  const clock = Date.now;
  return {
    open({ target }) {
      const { connection } = target;
      if (connection[Field.state] === 'connecting') settled();
      const at = opened(connection, WIRE, target, clock());
      if (at > 0) agenda.add(connection, at);
    },
    error({ target, error }) {
      target.lastError = error ?? '';
    },
    close({ target: { connection, lastError = '' }, code }) {
      if (connection[Field.state] === 'connecting') {
        settled();
        exceptions().refused(connection, lastError, 0, clock());
      } else if (connection[Field.state] !== 'ended') exceptions().dropped(connection, code, lastError, clock());
      // One that ended with its last reply still has the deadline of that reply there.
      agenda.move(connection, 0);
    },
  };
}

/** What starts the dial of a connection; what comes of it, the listeners hear. */
function dialer(
  run: Run,
  access: string | Access,
  { received }: Course,
  { open, error, close }: Listeners,
  settled: () => void,
): (connection: Connection) => void {
  const { urls, headers } = typeof access === 'string' ? { urls: [access], headers: {} } : access;
  const protocols = run.subprotocol?.split(/\s*,\s*/) ?? null;
  // Without a name k6 would take the whole address, and a token in it, as the tag.
  const params =
    typeof access === 'string' && !run.compression
      ? null
      : { headers, tags: { name: 'target' }, ...(run.compression ? { compression: 'deflate' } : {}) };
  const clock = Date.now;
  // Read once: each read of an import has k6 make the whole module anew.
  const Socket = WebSocket;
  return (connection) => {
    const target = urls[connection[Field.index] % urls.length] as string;
    try {
      const socket = new Socket(target, protocols as null, params as never) as unknown as K6WebSocket;
      socket.connection = connection;
      socket.binaryType = 'arraybuffer';
      socket.onopen = open;
      // Of its own: a listener for all would have to ask each frame for its socket.
      socket.onmessage = (event) => received(connection, event.data, clock(), event);
      socket.onerror = error;
      socket.onclose = close;
    } catch (thrown) {
      settled();
      exceptions().refused(connection, String(thrown), 0, clock());
    }
  };
}

function heardPong({ target }: K6Event): void {
  exceptions().ponged(target.connection);
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
    const pinged = socket as K6WebSocket;
    if (pinged.readyState !== OPEN) return;
    pinged.onpong = heardPong;
    pinged.ping();
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
