/** How a connection comes to be open: planned, attempted, established. */
import { FEW, LAG_STEP } from '../plan/sampling.ts';
import {
  type Connection,
  type Life,
  NORMAL_CLOSURE,
  PROGRESS_STEP,
  type Socket,
  type Vu,
  type Wire,
} from './connection.ts';
import { start } from './start.ts';

/** Writes attempts into the books that begin now, together: one sample for all. */
export function attempted({ ledger: { attempts } }: Vu, count: number): void {
  attempts.attempts(count);
  attempts.unattempted(-count);
  attempts.pending(count);
}

/**
 * Begins an attempt: its handshake is about to start.
 *
 * @param now - in ms since the epoch.
 * @param dueAt - when it was to start, in ms since the epoch; if not given, with its batch in the ramp.
 */
export function begin(
  { run, ledger, startedAt }: Vu,
  life: Life,
  index: number,
  now: number,
  dueAt?: number,
): Connection {
  const offset = ((index - (index % run.batchSize)) / run.batchSize) * run.batchDelayMs;
  const lag = now - (dueAt ?? startedAt + offset);
  // As often as of messages: else the lag of a short run were that of its ramp.
  const isEach = run.batchSize < LAG_STEP || (run.lagStep === 1 && run.connections <= FEW);
  if (isEach || index % LAG_STEP === 0) ledger.lag(lag > 0 ? lag : 0);
  return {
    __proto__: life.session,
    index,
    state: undefined,
    phase: 'connecting',
    socket: null,
    begunAt: now,
    closeAt: startedAt + run.closeMs + offset,
    nextSendAt: 0,
    n: 0,
    waiting: null,
    pendingReported: 0,
    sentBytes: 0,
    readBytes: 0,
    rare: null,
  } as Connection;
}

/**
 * The handshake succeeded. Too late, it is a failure all the same and the socket is closed.
 *
 * @param now - in ms since the epoch.
 * @returns when tick() wants to be called, in ms since the epoch; 0: never, the connection has ended.
 */
export function opened(vu: Vu, life: Life, connection: Connection, wire: Wire, socket: Socket, now: number): number {
  const { run, ledger, startedAt } = vu;
  const { begunAt } = connection;
  if (connection.phase === 'connecting' && now - begunAt > run.handshakeTimeoutMs) {
    life.parts().endings.failed(connection, 'handshake_timeout', '');
  }
  // Nothing of it would be held.
  if (connection.phase === 'connecting' && now >= connection.closeAt) {
    life.parts().endings.failed(connection, 'handshake_timeout', 'not done before the planned end');
  }
  if (connection.phase !== 'connecting') {
    connection.phase = 'ended';
    wire.close(NORMAL_CLOSURE, socket);
    return 0;
  }
  connection.socket = socket;
  // The types forbid a module to set it, k6 does not read them: an error where it stands, or nothing could be sent or closed.
  if (!vu.traits.isLean) Object.defineProperty(connection, 'socket', { writable: false });
  vu.wire = wire;
  vu.send = wire.send;
  ledger.attempts.pending(-1);
  ledger.open(1);
  ledger.attempts.success(true);
  ledger.attempts.time(now - begunAt);
  if (vu.clients === undefined || vu.clients.established(connection)) ledger.attempts.establishTime(now - startedAt);
  if ((connection.index + 1) % PROGRESS_STEP === 0) life.parts().notes.logProgress(connection);
  if (vu.traits.hasLogin) {
    const { stages } = life.parts();
    stages.login(connection, now);
    return stages.dueAt(connection);
  }
  start(vu, connection, now);
  return connection.nextSendAt < connection.closeAt ? connection.nextSendAt : connection.closeAt;
}
