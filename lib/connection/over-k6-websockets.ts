import { WebSocket } from 'k6/websockets';
import { exec } from '../k6.ts';
import { lazily } from '../lazily.ts';
import { beginMs, closeAfterMs, placesOf } from '../plan/places.ts';
import { type Agenda, agendaOf } from './agenda.ts';
import type { Connection, Dial, Life, Vu, Wire } from './connection.ts';
import { directoryOf } from './directory.ts';
import { lifeOf, onDemand } from './life.ts';
import { tagPhase } from './phase.ts';
import { FRAMES_PER_SAMPLE, type Pulse, pulseOf } from './pulse.ts';
import { stairsOf } from './steps.ts';
import { subprotocolProblem } from './subprotocol.ts';

/** As they are in k6's init stage: a conversation of the user's has none (scenario/refuse-timers.ts). */
const TIMERS = { setTimeout, clearTimeout };

const clientModule = lazily(() => require('./client.ts') as typeof import('./client.ts'));

/** The part of k6's WebSocket that is used. */
interface K6WebSocket {
  binaryType: string;
  readyState: number;
  readonly protocol: string;
  /** Of the server's answer, as a list; to read it is a call through Go's reflection. */
  readonly extensions?: readonly string[];
  onopen: Listener;
  onmessage: Listener;
  onerror: Listener;
  onclose: Listener;
  onpong: Listener;
  send(data: string | ArrayBuffer | Uint8Array): void;
  ping(): void;
  close(code: number): void;
  /** Ours, for the listeners that all sockets of a VU share. */
  connection: Connection;
  /** Sub-protocols, if any. */
  asked?: readonly string[];
  lastError?: string;
}

/** Set as a property: one that is added by addEventListener() is called through Go's reflection. */
type Listener = (event: K6Event) => void;

/** k6's events carry more than @types/k6 says. */
interface K6Event {
  /** To read it is a call through Go's reflection. */
  target: K6WebSocket;
  /** When k6 read the frame, in ms since the epoch with fractions. To read it is a call through Go's reflection. */
  timestamp: number;
  data: string | ArrayBuffer;
  error?: string;
  code?: number;
  reason?: string;
}

/**
 * On a VU's agenda: a connection that is open, the first of a batch by its number in the VU, DEADLINES, PULSE, SETTLE, or AGAIN
 * less the place in the ramp of a client that comes back.
 */
type Item = Connection | number;

/** Of the handshakes, once for all that are under way. */
const DEADLINES = -1;
/** The VU's own. */
const PULSE = -2;
/** Of clients that are back, once for all. */
const SETTLE = -3;
const AGAIN = -4;

const NONE: readonly string[] = [];

/** WebSocket.OPEN in the standard. */
const OPEN = 1;

/**
 * The connections of one VU over k6/websockets, from attempt to end: those with the VU's share of the indices. Returns
 * at once; the VU's event loop lives until the last has ended and its time is over, so that k6 starts no further
 * iteration in its place.
 */
export function hold(vu: Vu): void {
  const { run, startedAt, ledger } = vu;
  const { tags } = exec.vu.metrics;
  const life = lifeOf(vu);
  const { attempted, begin } = onDemand();
  const clock = Date.now;
  const pulse = run.beatMs > 0 ? pulseOf(ledger, run.beatMs, clock()) : null;
  const agenda = agendaOf<Item>((item, now) => {
    if (typeof item !== 'number') return life.tick(item, now);
    if (item === DEADLINES) return giveUp(now);
    if (item === PULSE) return beat(now);
    if (item === SETTLE) return vu.clients?.settle(now) ?? 0;
    return item <= AGAIN ? attemptAgain(AGAIN - item) : attempt(item);
  }, TIMERS);
  vu.wake = (connection, at) => {
    if (at > 0) agenda.sooner(connection, at);
  };
  const connect = connector(vu, life, agenda, pulse, settled);
  const begun: Connection[] = [];
  /** Handshakes under way, in the order in which they began. */
  const connecting = new Set<Connection>();
  const places = placesOf(run, vu.index);
  const beginsAt = (at: number) => startedAt + beginMs(run, places[at] as number);
  const dueAt = new Map<number, number>();
  if (vu.comesBack !== undefined) {
    const wake = {
      again(index: number, at: number) {
        dueAt.set(index, at);
        agenda.add(AGAIN - index, at);
      },
      settle: (at: number) => agenda.move(SETTLE, at),
    };
    const first = places[0] as number;
    vu.clients = clientModule().clientsOf(vu, vu.comesBack, clock, wake, first, first + places.length);
  }
  for (let batch = 0; batch < places.length; batch = batchAfter(batch)) agenda.add(batch, beginsAt(batch));
  const endAt = startedAt + run.closeMs + closeAfterMs(run, places[places.length - 1] as number);
  if (pulse !== null) agenda.add(PULSE, pulse.beat(clock()));
  const turn = run.steps === null ? (now: number) => tagPhase(vu, tags, now) : stairsOf(vu, tags, places, begun);
  const alarm = (now: number) => turn(now) || (now < endAt ? endAt : 0);
  agenda.alarm(alarm(clock()), alarm);

  /** The VU's first connection of the next batch. */
  function batchAfter(batch: number): number {
    let next = batch + 1;
    while (next < places.length && beginsAt(next) === beginsAt(batch)) next += 1;
    return next;
  }

  function attempt(batch: number): number {
    const next = batchAfter(batch);
    attempted(vu, next - batch);
    for (let at = batch; at < next; at++) {
      const connection = begin(vu, life, places[at] as number, clock(), beginsAt(at));
      if (run.steps !== null) begun.push(connection);
      dial(connection);
    }
    return 0;
  }

  /** A client that failed or was dropped tries again. */
  function attemptAgain(index: number): number {
    if (vu.clients?.attempt(index)) {
      const connection = begin(vu, life, index, clock(), dueAt.get(index));
      // So that no receiver takes its requests for doubles of those before.
      connection.n = vu.clients.madeBefore(index);
      dial(connection);
    }
    return 0;
  }

  function dial(connection: Connection): void {
    if (connecting.size === 0) agenda.add(DEADLINES, clock() + run.handshakeTimeoutMs + 1);
    connecting.add(connection);
    let known: Dial | null = null;
    try {
      known = directoryOf(vu).dial(connection.index, vu.clients?.previous(connection.index));
      connection.state = known.state;
      connection.begunAt = clock();
      connect(connection, known);
    } catch (error) {
      settled(connection);
      // What a conversation throws before the handshake; k6 throws for an address that it cannot read.
      if (known === null) life.parts().endings.scriptError(connection, error);
      else life.parts().endings.refusedHandshake(connection, String(error), 0, clock());
    }
  }

  function giveUp(now: number): number {
    let earliest = 0;
    for (const connection of connecting) {
      const deadline = life.tick(connection, now);
      if (deadline === 0) connecting.delete(connection);
      else earliest = earliest === 0 ? deadline : Math.min(earliest, deadline);
    }
    return earliest;
  }

  function beat(now: number): number {
    const at = pulse?.beat(now) ?? 0;
    return at < endAt ? at : 0;
  }

  /** A handshake has come to its end in time. */
  function settled(connection: Connection): void {
    connecting.delete(connection);
    // Or it would keep the VU until then.
    if (connecting.size === 0) agenda.move(DEADLINES, 0);
  }
}

/** What starts the handshake of a connection; what comes of it, the listeners hear. */
function connector(
  vu: Vu,
  life: Life,
  agenda: Agenda<Item>,
  pulse: Pulse | null,
  settled: (connection: Connection) => void,
): (connection: Connection, dial: Dial) => void {
  const { ledger, run } = vu;
  const { opened: established } = onDemand();
  const clock = Date.now;
  // Read once: each read of an import has k6 make the whole module anew.
  const Socket = WebSocket;
  const wire = wireOf(life);
  const { received } = life;
  let frames = 0;

  return (connection, { url, protocols, params }) => {
    const asked = protocols.length > 0 ? protocols : null;
    const socket = new Socket(url, asked as null, params as never) as unknown as K6WebSocket;
    socket.connection = connection;
    if (asked !== null) socket.asked = asked;
    socket.binaryType = 'arraybuffer';
    // For all sockets of the VU, but this one is of its own: it would have to ask each frame for its socket.
    socket.onmessage = listener(connection);
    socket.onopen = opened;
    socket.onerror = failed;
    socket.onclose = closed;
  };

  /** Made by a function of its own: k6's engine keeps all arguments of the one in which a function is made. */
  function listener(connection: Connection): Listener {
    if (pulse === null) return (event) => received(connection, event.data, clock(), event);
    return (event) => watched(connection, event, pulse);
  }

  function opened({ target: socket }: K6Event): void {
    const { connection, asked = NONE } = socket;
    if (connection.phase === 'connecting') {
      settled(connection);
      const problem = subprotocolProblem(asked, socket.protocol);
      if (problem !== null) life.parts().endings.failed(connection, 'subprotocol', problem);
      if (run.compression && socket.extensions?.length === 0) {
        life.parts().notes.count(connection, 'detail', 'compression was asked for, the server declined it');
      }
    }
    const at = established(vu, life, connection, wire, socket, clock());
    // What the conversation asked for in opened() may have it there already: twice, it would be looked at twice for good.
    if (at > 0) agenda.sooner(connection, at);
  }

  function watched(connection: Connection, event: K6Event, { handled }: Pulse): void {
    const now = clock();
    received(connection, event.data, now, event);
    handled(now, clock());
    frames += 1;
    if (frames % FRAMES_PER_SAMPLE === 0) ledger.lag(Math.max(0, now - event.timestamp));
  }

  function failed({ target, error }: K6Event): void {
    target.lastError = error ?? '';
  }

  function closed({ target: { connection, lastError = '' }, code, reason }: K6Event): void {
    if (connection.phase === 'connecting') {
      settled(connection);
      life.parts().endings.refusedHandshake(connection, lastError, 0, clock());
    } else if (connection.phase === 'late') life.parts().endings.refusedLate(connection, lastError);
    else if (connection.phase !== 'closing' && connection.phase !== 'ended')
      life.parts().endings.gone(connection, code, lastError, reason ?? '', clock());
    agenda.move(connection, 0);
  }
}

/** One for all sockets of a VU. */
function wireOf(life: Life): Wire {
  const send = (data: string | ArrayBuffer, socket: unknown) => {
    try {
      (socket as K6WebSocket).send(data);
    } catch {
      // k6 has closed it, and says so in an event that comes after this. Asking first would cost more than the sending.
    }
  };
  return {
    send,
    sendBinary: send,
    ping(socket) {
      const pinged = socket as K6WebSocket;
      if (pinged.readyState !== OPEN) return;
      pinged.onpong = () => life.parts().flow.ponged(pinged.connection);
      pinged.ping();
    },
    close: (code, socket) => closeAtOnce(socket as K6WebSocket, code),
  };
}

/**
 * Sends the close frame and closes the TCP connection, as k6/ws does. k6's own close() waits for the server's close
 * frame with no limit, and a server that never sends it (frozen, gone, not reading) holds k6 past every limit of the
 * test. What ends the wait is a write after the close frame: it fails and k6 drops the connection. send() refuses once
 * closing, but it looks at the state before it looks at its argument, so the close goes in between.
 */
function closeAtOnce(socket: K6WebSocket, code: number): void {
  if (socket.readyState !== OPEN) return;
  const { isView } = ArrayBuffer;
  ArrayBuffer.isView = ((value: unknown) => {
    socket.close(code);
    return isView(value);
  }) as typeof ArrayBuffer.isView;
  try {
    socket.send(new Uint8Array(1));
  } finally {
    ArrayBuffer.isView = isView;
  }
}
