import { WebSocket } from 'k6/websockets';
import type { Access } from '../plan/run.ts';
import { Agenda, type Entry } from './agenda.ts';
import { begin, type Connection, type Context, opened, received, tick, type Wire } from './connection.ts';
import { exceptions } from './exceptions.ts';

/** The part of k6's WebSocket that is used; its events carry more than @types/k6 says. */
interface K6WebSocket {
  binaryType: string;
  readyState: number;
  addEventListener(type: string, listener: (event: K6Event) => void): void;
  send(data: string | Uint8Array): void;
  ping(): void;
  close(code: number): void;
}

interface K6Event {
  /** When k6 read the frame, in ms since the epoch with fractions. */
  timestamp: number;
  data: string | ArrayBuffer;
  error?: string;
  code?: number;
}

/** WebSocket.OPEN in the standard. */
const OPEN = 1;

/** k6's WebSocket as a wire. */
class SocketWire implements Wire {
  private readonly socket: K6WebSocket;

  constructor(socket: K6WebSocket) {
    this.socket = socket;
  }

  send(text: string): void {
    if (this.socket.readyState === OPEN) this.socket.send(text);
  }

  ping(): void {
    if (this.socket.readyState === OPEN) this.socket.ping();
  }

  /**
   * Sends the close frame and closes the TCP connection, as k6/ws does. k6's own close() waits for the server's
   * close frame with no limit, and a server that never sends it (frozen, gone, not reading) holds k6 past every limit
   * of the test. What ends the wait is a write after the close frame: it fails and k6 drops the connection. send()
   * refuses once closing, but it looks at the state before it looks at its argument, so the close goes in between.
   */
  close(code: number): void {
    if (this.socket.readyState !== OPEN) return;
    const isView = ArrayBuffer.isView;
    ArrayBuffer.isView = ((value: unknown) => {
      this.socket.close(code);
      return isView(value);
    }) as typeof ArrayBuffer.isView;
    try {
      this.socket.send(new Uint8Array(1));
    } finally {
      ArrayBuffer.isView = isView;
    }
  }
}

/**
 * The connections of one VU over k6/websockets, from attempt to end: those with the VU's share of the indices. Returns
 * at once; the VU's event loop lives until the last has ended and its time is over, so that k6 starts no further
 * iteration in its place.
 *
 * @param vuIndex - place of the VU in the ramp, over all processes of the test.
 */
export function holdOverK6Websockets(context: Context, vuIndex: number, access: Access): void {
  const { run, startedAt } = context;
  const agenda = new Agenda();
  const first = vuIndex * run.perVu;
  const last = Math.min(first + run.perVu, run.connections) - 1;
  for (let index = first; index <= last; index++) {
    const opensAt = startedAt + Math.floor(index / run.batchSize) * run.batchDelayMs;
    const entry: Entry = { at: opensAt, act: (now) => connect(context, index, access, agenda, entry, now) };
    agenda.add(entry);
  }
  const parkedUntil = startedAt + run.closeMs + Math.floor(last / run.batchSize) * run.batchDelayMs;
  agenda.add({ at: parkedUntil, act: () => 0 });
}

/** Starts one attempt; from now on its entry ticks it. Returns when: at the end of its handshake's time. */
function connect(
  context: Context,
  index: number,
  { urls, headers }: Access,
  agenda: Agenda,
  entry: Entry,
  now: number,
): number {
  const { run } = context;
  const connection = begin(context, index, now);
  entry.act = (at) => tick(connection, at);
  let socket: K6WebSocket;
  try {
    socket = new WebSocket(
      urls[index % urls.length] as string,
      (run.subprotocol?.split(/\s*,\s*/) ?? null) as null,
      {
        headers,
        // Without it k6 would take the whole address, and a token in it, as the tag.
        tags: { name: 'target' },
        ...(run.compression ? { compression: 'deflate' } : {}),
      } as never,
    ) as unknown as K6WebSocket;
  } catch (error) {
    exceptions().refused(connection, String(error), 0);
    return 0;
  }
  listen(socket, connection, agenda, entry);
  return tick(connection, now);
}

function listen(socket: K6WebSocket, connection: Connection, agenda: Agenda, entry: Entry): void {
  let lastError = '';
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    agenda.move(entry, opened(connection, new SocketWire(socket), Date.now()));
  });
  socket.addEventListener('message', ({ data, timestamp }) => received(connection, data, timestamp));
  socket.addEventListener('pong', () => exceptions().ponged(connection));
  socket.addEventListener('error', ({ error }) => {
    lastError = error ?? '';
  });
  socket.addEventListener('close', ({ code }) => {
    if (connection.state === 'connecting') exceptions().refused(connection, lastError, 0);
    else if (connection.state !== 'ended') exceptions().dropped(connection, code, lastError, Date.now());
    agenda.move(entry, 0);
  });
}
