/**
 * The life of one connection, from attempt to its one outcome. Pure: time comes in, samples and frames go out.
 *
 * This file is the part that every healthy connection runs, written with few functions and few built-ins, because
 * each of them stays in each of 10,000 VUs for good. What is rare (failures, drops, expiry, frames that are not the
 * plain reply) is in exceptions.ts, which a VU creates when it first needs it.
 */
import type { Run } from '../plan/run.ts';
import { FIRST_ID, ID_MARK } from '../protocol/message.ts';
import { exceptions } from './exceptions.ts';
import type { Ledger } from './ledger.ts';
import { MAX_UNREAD_BYTES } from './unread.ts';

/** What all connections of a VU share. */
export interface Context {
  run: Run;
  ledger: Ledger;
  /** Start of the ramp, in ms since the epoch. */
  startedAt: number;
}

/** The wire, as both of k6's WebSocket APIs have it. */
export interface Wire {
  send(text: string): void;
  ping(): void;
  /** Called only on an open wire: closing a connecting one freezes k6. */
  close(code: number): void;
}

/** A message that waits for its reply. */
export interface Pending {
  sequence: number;
  text: string;
  sentAt: number;
  intendedAt: number;
}

export interface Connection {
  context: Context;
  index: number;
  /** late: failed already, the wire still connecting; draining: sends no more, waits for replies. */
  state: 'connecting' | 'late' | 'open' | 'draining' | 'ended';
  wire: Wire | null;
  begunAt: number;
  /** When it is to close, in ms since the epoch. */
  closeAt: number;
  nextSendAt: number;
  sequence: number;
  /** The oldest message without a reply, and those after it. */
  oldest: Pending | null;
  later: Pending[] | null;
  /** The last plain message that was answered, to be used again: a new one for each would be 0.6 KB of garbage. */
  spare: Pending | null;
  /** Frames that look like answers to somebody else's messages, while ours wait. */
  strays: number;
  /** Sent since the last sign that the server reads. */
  unreadBytes: number;
  /** Messages sent before the ping that is under way; 0 or absent: none is. */
  pingedAt?: number;
  /** Messages begun less messages ended since the last sample of `ws_messages_pending`. */
  pendingChange: number;
  /** Sending has been paused, and the report told so; absent before, as pingedAt: a 15th field costs 0.6 KB. */
  isHeldBack?: boolean;
}

/** Normal closure (RFC 6455, 7.4.1). */
const NORMAL_CLOSURE = 1000;

/**
 * Attempts, and messages of a connection, between two samples of the generator's lag. Connections send in step, so each
 * begins at its own message: else a stall between two samples of one would be between those of all.
 */
const LAG_STEP = 8;

/** A lag this long is sampled in any case: a stall may be over before the next sample. */
const STALL_MS = 1_000;

/**
 * What may be under way on a connection while the generator is that late. A generator that is too slow for its plan
 * would send all that it owes at once, and fill its memory with the replies for which it has no time either.
 */
const MAX_LATE_BYTES = 4_096;

/** Connections between two lines of progress. */
const PROGRESS_STEP = 1_000;

/**
 * Begins the attempt; from here on it is in the books.
 *
 * @param index - place in the ramp, over all processes of the test.
 * @param now - ms since the epoch, as in all of this file.
 */
export function begin(context: Context, index: number, now: number): Connection {
  const { ledger, run, startedAt } = context;
  const offset = ((index - (index % run.batchSize)) / run.batchSize) * run.batchDelayMs;
  ledger.connectAttempts(1);
  ledger.connectsUnattempted(-1);
  ledger.connectsPending(1);
  const lag = now - startedAt - offset;
  if (index % LAG_STEP === 0 || run.batchSize < LAG_STEP || lag >= STALL_MS) ledger.generatorLag(lag > 0 ? lag : 0);
  return {
    context,
    index,
    state: 'connecting',
    wire: null,
    begunAt: now,
    closeAt: startedAt + run.closeMs + offset,
    nextSendAt: 0,
    sequence: 0,
    oldest: null,
    later: null,
    spare: null,
    strays: 0,
    unreadBytes: 0,
    pendingChange: 0,
  };
}

/**
 * The handshake succeeded. Too late, it is a failure all the same and the wire is closed.
 *
 * @returns when tick() wants to be called, in ms since the epoch; 0: never, the connection has ended.
 */
export function opened(connection: Connection, wire: Wire, now: number): number {
  const { run, ledger, startedAt } = connection.context;
  if (connection.state === 'connecting' && now - connection.begunAt > run.handshakeTimeoutMs) {
    exceptions().failed(connection, 'handshake_timeout', '');
  }
  if (connection.state !== 'connecting') {
    connection.state = 'ended';
    wire.close(NORMAL_CLOSURE);
    return 0;
  }
  connection.state = 'open';
  connection.wire = wire;
  ledger.connectsPending(-1);
  ledger.connectionsOpen(1);
  ledger.connectSuccess(true);
  ledger.connectTime(now - connection.begunAt);
  ledger.establishTime(now - startedAt);
  if ((connection.index + 1) % PROGRESS_STEP === 0) exceptions().logProgress(connection);
  connection.nextSendAt = run.sends ? now + Math.random() * run.messageIntervalMs : connection.closeAt;
  if (run.sendStepMs > 0) connection.nextSendAt += run.sendStepMs - (connection.nextSendAt % run.sendStepMs);
  return connection.nextSendAt < connection.closeAt ? connection.nextSendAt : connection.closeAt;
}

/** Does what is due: gives up a handshake, expires messages, sends, drains, closes. Returns as opened() does. */
export function tick(connection: Connection, now: number): number {
  const { run, ledger } = connection.context;
  if (connection.state !== 'open') return exceptions().tickUnopened(connection, now);
  if (connection.oldest && now - connection.oldest.sentAt > run.messageTimeoutMs) exceptions().expire(connection, now);
  // A message that is answered before the next one costs no sample here: a sample takes 1 KB until it is collected.
  if (connection.pendingChange !== 0) {
    ledger.messagesPending(connection.pendingChange);
    connection.pendingChange = 0;
  }
  while (connection.nextSendAt <= now && connection.nextSendAt < connection.closeAt) {
    if (connection.unreadBytes > MAX_UNREAD_BYTES / 4 && exceptions().mustWait(connection)) break;
    if (connection.unreadBytes > MAX_LATE_BYTES && run.awaitsReply && now - connection.nextSendAt >= STALL_MS) break;
    const text = `{"id":"${ID_MARK}${FIRST_ID + connection.index}-${FIRST_ID + connection.sequence}","pad":"${run.padding}"}`;
    ledger.messagesSent(1);
    if (run.awaitsReply) {
      connection.pendingChange += 1;
      const { sequence, nextSendAt: intendedAt } = connection;
      let message = connection.spare;
      if (message) {
        connection.spare = null;
        message.sequence = sequence;
        message.text = text;
        message.sentAt = now;
        message.intendedAt = intendedAt;
      } else {
        message = { sequence, text, sentAt: now, intendedAt };
      }
      if (connection.oldest === null) connection.oldest = message;
      else if (connection.later === null) connection.later = [message];
      else connection.later.push(message);
    } else {
      ledger.messageSuccess(true);
    }
    if ((connection.sequence + connection.index) % LAG_STEP === 0 || now - connection.nextSendAt >= STALL_MS) {
      ledger.generatorLag(now - connection.nextSendAt);
    }
    connection.unreadBytes += run.messageSize;
    connection.sequence += 1;
    connection.nextSendAt += run.messageIntervalMs;
    (connection.wire as Wire).send(text);
    // A failed write can end the connection before the call returns.
    if ((connection.state as string) !== 'open') return 0;
  }
  if (now >= connection.closeAt) {
    if (!connection.oldest) {
      connection.state = 'ended';
      ledger.connectionsOpen(-1);
      ledger.connectionsClosed(1);
      (connection.wire as Wire).close(NORMAL_CLOSURE);
      return 0;
    }
    connection.state = 'draining';
    return connection.oldest.sentAt + run.messageTimeoutMs + 1;
  }
  const next = connection.nextSendAt > now ? connection.nextSendAt : now + run.messageIntervalMs;
  return next < connection.closeAt ? next : connection.closeAt;
}

/**
 * A frame came in.
 *
 * @param frame - its text; of a binary frame, its bytes.
 * @param now - with fractions where the transport has them.
 */
export function received(connection: Connection, frame: string | ArrayBuffer, now: number): void {
  const { run, ledger } = connection.context;
  const { oldest } = connection;
  if (
    connection.state !== 'open' ||
    connection.later !== null ||
    connection.strays > 0 ||
    oldest === null ||
    frame !== oldest.text ||
    now - oldest.sentAt > run.messageTimeoutMs
  ) {
    exceptions().receivedOther(connection, frame, now);
    return;
  }
  connection.oldest = null;
  connection.spare = oldest;
  connection.unreadBytes = 0;
  connection.pendingChange -= 1;
  ledger.messageSuccess(true);
  if (run.sampleShare === 1 || Math.random() < run.sampleShare) {
    ledger.messageRtt(now > oldest.sentAt ? now - oldest.sentAt : 0);
    ledger.messageResponse(now > oldest.intendedAt ? now - oldest.intendedAt : 0);
  }
}
