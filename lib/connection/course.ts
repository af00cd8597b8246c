/**
 * The life of one connection, from attempt to its one outcome. Pure: time comes in, samples and frames go out.
 *
 * This file is the part that every healthy connection runs, written with few functions and few built-ins, because
 * each of them stays in each of 10,000 VUs for good. What is rare (failures, drops, expiry, frames that are not the
 * plain reply) is in exceptions.ts, which a VU creates when it first needs it.
 */
import { FIRST_ID, ID_MARK } from '../protocol/message.ts';
import { type Connection, type Context, Field, NORMAL_CLOSURE, PROGRESS_STEP, type Wire } from './connection.ts';
import { exceptions } from './exceptions.ts';
import { MAX_UNREAD_BYTES } from './unread.ts';

/**
 * Attempts, and messages of a connection, between two samples of the generator's lag, at least. Connections send in
 * step, so each begins at its own message: else a stall between two samples of one would be between those of all.
 */
const LAG_STEP = 8;

/** A lag this long is sampled in any case: a stall may be over before the next sample. */
const STALL_MS = 1_000;

/**
 * What may be under way on a connection while the generator is that late. A generator that is too slow for its plan
 * would send all that it owes at once, and fill its memory with the replies for which it has no time either.
 */
const MAX_LATE_BYTES = 4_096;

/** When a frame came in, in ms since the epoch with fractions. */
interface Arrival {
  readonly timestamp: number;
}

/** The steps of a healthy connection's life, in their order; `now` is in ms since the epoch. */
export interface Course {
  /** Writes attempts into the books that begin now, together: one sample for all. */
  attempted(count: number): void;
  /**
   * Begins an attempt.
   *
   * @param index - place in the ramp, over all processes of the test.
   */
  begin(index: number, now: number): Connection;
  /**
   * The handshake succeeded. Too late, it is a failure all the same and the socket is closed.
   *
   * @param socket - what the wire is called with; null where the wire is the socket.
   * @returns when tick() wants to be called, in ms since the epoch; 0: never, the connection has ended.
   */
  opened(connection: Connection, wire: Wire, socket: unknown, now: number): number;
  /** Does what is due: gives up a handshake, expires messages, sends, drains, closes. Returns as opened() does. */
  tick(connection: Connection, now: number): number;
  /**
   * A frame came in.
   *
   * @param frame - its text; of a binary frame, its bytes.
   * @param event - tells more exactly when it came in, where the transport knows. Read only where that counts.
   */
  received(connection: Connection, frame: string | ArrayBuffer, now: number, event?: Arrival): void;
}

/** The course of all connections of a context. What each message needs are variables here, for the same reason as Field. */
export function courseOf(context: Context): Course {
  const { run, ledger, startedAt } = context;
  const { messageIntervalMs, messageTimeoutMs, messageSize, awaitsReply, sampleShare } = run;
  const suffix = `","pad":"${run.padding}"}`;
  // As few lags as times of replies in a long run: a Trend holds all its samples until the end (sampling.ts).
  // Without Math: two more of its functions would stay in each VU (0.7 KB each).
  const every = 1 / sampleShare;
  const lagStep = every > LAG_STEP ? every - (every % 1) + 1 : LAG_STEP;
  // Read once: a name that is not ours takes a search through all scopes.
  const { random } = Math;
  const { messagesSent, messagesPending, messageSuccess, messageRtt, messageResponse, generatorLag } = ledger;

  function attempted(count: number): void {
    ledger.connectAttempts(count);
    ledger.connectsUnattempted(-count);
    ledger.connectsPending(count);
  }

  function begin(index: number, now: number): Connection {
    const offset = ((index - (index % run.batchSize)) / run.batchSize) * run.batchDelayMs;
    const lag = now - startedAt - offset;
    if (index % LAG_STEP === 0 || run.batchSize < LAG_STEP || lag >= STALL_MS) generatorLag(lag > 0 ? lag : 0);
    const closeAt = startedAt + run.closeMs + offset;
    const prefix = `{"id":"${ID_MARK}${FIRST_ID + index}-`;
    // In the order of Field.
    return [
      context,
      index,
      'connecting',
      null,
      null,
      null,
      now,
      closeAt,
      0,
      0,
      prefix,
      null,
      0,
      0,
      0,
      null,
      0,
      0,
      0,
      0,
      false,
    ];
  }

  function opened(connection: Connection, wire: Wire, socket: unknown, now: number): number {
    const begunAt = connection[Field.begunAt];
    if (connection[Field.state] === 'connecting' && now - begunAt > run.handshakeTimeoutMs) {
      exceptions().failed(connection, 'handshake_timeout', '');
    }
    if (connection[Field.state] !== 'connecting') {
      connection[Field.state] = 'ended';
      wire.close(NORMAL_CLOSURE, socket);
      return 0;
    }
    connection[Field.state] = 'open';
    connection[Field.wire] = wire;
    connection[Field.send] = wire.send;
    connection[Field.socket] = socket;
    ledger.connectsPending(-1);
    ledger.connectionsOpen(1);
    ledger.connectSuccess(true);
    ledger.connectTime(now - begunAt);
    ledger.establishTime(now - startedAt);
    if ((connection[Field.index] + 1) % PROGRESS_STEP === 0) exceptions().logProgress(connection);
    const closeAt = connection[Field.closeAt];
    let firstAt = run.sends ? now + random() * messageIntervalMs : closeAt;
    firstAt += (run.sendStepMs - (firstAt % run.sendStepMs)) % run.sendStepMs;
    connection[Field.nextSendAt] = firstAt;
    return firstAt < closeAt ? firstAt : closeAt;
  }

  function tick(connection: Connection, now: number): number {
    if (connection[Field.state] !== 'open') return exceptions().tickUnopened(connection, now);
    if (connection[Field.oldestText] !== null && now - connection[Field.oldestSentAt] > messageTimeoutMs) {
      exceptions().expire(connection, now);
    }
    // A message that is answered before the next one costs no sample here: a sample takes 1 KB until it is collected.
    if (connection[Field.pendingChange] !== 0) {
      messagesPending(connection[Field.pendingChange]);
      connection[Field.pendingChange] = 0;
    }
    const closeAt = connection[Field.closeAt];
    let sendAt = connection[Field.nextSendAt];
    while (sendAt <= now && sendAt < closeAt) {
      const unreadBytes = connection[Field.unreadBytes];
      if (unreadBytes > MAX_UNREAD_BYTES / 4 && exceptions().mustWait(connection)) break;
      if (unreadBytes > MAX_LATE_BYTES && awaitsReply && now - sendAt >= STALL_MS) break;
      const sequence = connection[Field.sequence];
      const text = `${connection[Field.prefix]}${FIRST_ID + sequence}${suffix}`;
      messagesSent(1);
      if (awaitsReply) {
        connection[Field.pendingChange] += 1;
        if (connection[Field.oldestText] === null) {
          connection[Field.oldestText] = text;
          connection[Field.oldestSequence] = sequence;
          connection[Field.oldestSentAt] = now;
          connection[Field.oldestIntendedAt] = sendAt;
        } else {
          connection[Field.later] ??= [];
          connection[Field.later].push({ sequence, text, sentAt: now, intendedAt: sendAt });
        }
      } else {
        messageSuccess(true);
      }
      if ((sequence + connection[Field.index]) % lagStep === 0 || now - sendAt >= STALL_MS) generatorLag(now - sendAt);
      connection[Field.unreadBytes] = unreadBytes + messageSize;
      connection[Field.sequence] = sequence + 1;
      sendAt += messageIntervalMs;
      connection[Field.nextSendAt] = sendAt;
      (connection[Field.send] as Wire['send'])(text, connection[Field.socket]);
      // A failed write can end the connection before the call returns.
      if ((connection[Field.state] as string) !== 'open') return 0;
    }
    if (now >= closeAt) {
      if (connection[Field.oldestText] === null) {
        connection[Field.state] = 'ended';
        ledger.connectionsOpen(-1);
        ledger.connectionsClosed(1);
        ledger.connectionsHeld(true);
        (connection[Field.wire] as Wire).close(NORMAL_CLOSURE, connection[Field.socket]);
        return 0;
      }
      connection[Field.state] = 'draining';
      return connection[Field.oldestSentAt] + messageTimeoutMs + 1;
    }
    const next = sendAt > now ? sendAt : now + messageIntervalMs;
    return next < closeAt ? next : closeAt;
  }

  function received(connection: Connection, frame: string | ArrayBuffer, now: number, event?: Arrival): void {
    const sentAt = connection[Field.oldestSentAt];
    if (
      frame !== connection[Field.oldestText] ||
      connection[Field.state] !== 'open' ||
      connection[Field.later] !== null ||
      connection[Field.strays] > 0 ||
      now - sentAt > messageTimeoutMs
    ) {
      exceptions().receivedOther(connection, frame, event === undefined ? now : event.timestamp);
      return;
    }
    connection[Field.oldestText] = null;
    connection[Field.unreadBytes] = 0;
    connection[Field.pendingChange] -= 1;
    messageSuccess(true);
    if (sampleShare === 1 || random() < sampleShare) {
      const at = event === undefined ? now : event.timestamp;
      messageRtt(at > sentAt ? at - sentAt : 0);
      const intendedAt = connection[Field.oldestIntendedAt];
      messageResponse(at > intendedAt ? at - intendedAt : 0);
    }
  }

  return { attempted, begin, opened, tick, received };
}
