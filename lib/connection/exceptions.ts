import { groupDigits } from '../plan/format.ts';
import { protocolOf } from '../protocol/choose.ts';
import { NO_REPLY, type Protocol, STRAY } from '../protocol/protocol.ts';
import { classifyConnectFailure, classifyDrop } from './classify.ts';
import { type Connection, Field, NORMAL_CLOSURE, type Pending, PROGRESS_STEP } from './connection.ts';
import type { ConnectFailure, MessageFailure } from './outcome.ts';
import { MAX_UNREAD_BYTES } from './unread.ts';

/** What happens to a connection besides the plain course of a healthy one; see course.ts. */
export interface Exceptions {
  /** The attempt failed for this reason; a second outcome is ignored. */
  failed(connection: Connection, reason: ConnectFailure, detail: string): void;
  /** The attempt failed with k6's error text, or the server's HTTP status (0: none). */
  refused(connection: Connection, error: string, status: number, now: number): void;
  /** The wire went without our doing: close code (undefined: none came) and the last error's text. */
  dropped(connection: Connection, code: number | undefined, error: string, now: number): void;
  /** tick() of a connection that is connecting or draining. */
  tickUnopened(connection: Connection, now: number): number;
  /** Fails the messages whose time is over. */
  expire(connection: Connection, now: number): void;
  /** A frame that is not simply the reply to the only pending message. */
  receivedOther(connection: Connection, frame: string | ArrayBuffer, now: number): void;
  /** Many bytes are under way: asks the server for a pong; true while it must answer before more is sent. */
  mustWait(connection: Connection): boolean;
  /** The server answered a ping: it has read what was sent before that. */
  ponged(connection: Connection): void;
  /** VUs share no memory, so the place in the ramp stands for the count. */
  logProgress(connection: Connection): void;
}

let created: Exceptions | null = null;

/** The exceptions, created on the first call. */
export function exceptions(): Exceptions {
  created ??= create();
  return created;
}

function create(): Exceptions {
  return { failed, refused, dropped, tickUnopened, expire, receivedOther, mustWait, ponged, logProgress };
}

function failed(connection: Connection, reason: ConnectFailure, detail: string): void {
  if (connection[Field.state] === 'connecting') {
    const { ledger } = connection[Field.context];
    ledger.connectsPending(-1);
    ledger.connectSuccess(false);
    ledger.connectFailures(1, { reason });
    if (detail !== '') ledger.check(null, { [detail]: () => false });
    if ((connection[Field.index] + 1) % PROGRESS_STEP === 0) logProgress(connection);
  }
  connection[Field.state] = 'ended';
}

function refused(connection: Connection, error: string, status: number, now: number): void {
  const { reason, detail } = classifyConnectFailure(error, status);
  const isLate = now - connection[Field.begunAt] > connection[Field.context].run.handshakeTimeoutMs;
  // After 60 s k6 cuts off a handshake that hangs in the middle of the server's answer, and reports a malformed one.
  const isCut = isLate && (reason === 'bad_handshake' || reason === 'reset');
  failed(connection, isCut ? 'handshake_timeout' : reason, detail);
}

function dropped(connection: Connection, code: number | undefined, error: string, now: number): void {
  if (connection[Field.state] !== 'open' && connection[Field.state] !== 'draining') return;
  expire(connection, now);
  for (let message = takeOldest(connection); message; message = takeOldest(connection))
    messageFailed(connection, 'lost');
  settleStrays(connection);
  const { ledger } = connection[Field.context];
  const { reason, detail } = classifyDrop({ closeCode: code, error });
  reportPending(connection);
  ledger.connectionsOpen(-1);
  ledger.connectionsDropped(1, { reason });
  ledger.connectionsHeld(false);
  if (detail !== '') ledger.check(null, { [detail]: () => false });
  connection[Field.state] = 'ended';
}

function tickUnopened(connection: Connection, now: number): number {
  const { run } = connection[Field.context];
  if (connection[Field.state] === 'connecting') {
    const deadline = connection[Field.begunAt] + run.handshakeTimeoutMs;
    if (now <= deadline) return deadline + 1;
    failed(connection, 'handshake_timeout', '');
    connection[Field.state] = 'late';
  }
  if (connection[Field.state] !== 'draining') return 0;
  expire(connection, now);
  reportPending(connection);
  if (connection[Field.oldestText] !== null) return connection[Field.oldestSentAt] + run.messageTimeoutMs + 1;
  close(connection);
  return 0;
}

function expire(connection: Connection, now: number): void {
  const { messageTimeoutMs } = connection[Field.context].run;
  while (connection[Field.oldestText] !== null && now - connection[Field.oldestSentAt] > messageTimeoutMs) {
    takeOldest(connection);
    messageFailed(connection, connection[Field.strays] > 0 ? 'mismatch' : 'timeout');
    if (connection[Field.strays] > 0) connection[Field.strays] -= 1;
  }
  if (connection[Field.oldestText] === null) settleStrays(connection);
}

function receivedOther(connection: Connection, frame: string | ArrayBuffer, now: number): void {
  if (connection[Field.state] !== 'open' && connection[Field.state] !== 'draining') return;
  const { ledger, run } = connection[Field.context];
  const protocol: Protocol = protocolOf(run.protocol);
  const text = typeof frame === 'string' ? frame : latin1(frame);
  const sequence = protocol.replyTo(text, connection[Field.index], oldestSequence(connection));
  const message = sequence < 0 ? null : takePending(connection, sequence);
  if (message) {
    if (now - message.sentAt > run.messageTimeoutMs) {
      messageFailed(connection, 'timeout');
      ledger.messageUnexpected(1);
    } else {
      connection[Field.pendingChange] -= 1;
      if (run.protocol === 'echo') hasRead(connection, message.sequence + 1);
      ledger.messageSuccess(true);
      if (Math.random() < run.sampleShare) {
        ledger.messageRtt(Math.max(0, now - message.sentAt));
        ledger.messageResponse(Math.max(0, now - message.intendedAt));
      }
    }
  } else if (connection[Field.oldestText] !== null && (sequence === STRAY || sequence >= connection[Field.sequence])) {
    connection[Field.strays] += 1;
  } else {
    ledger.messageUnexpected(1);
  }
  if (connection[Field.oldestText] !== null) return;
  settleStrays(connection);
  if (connection[Field.state] === 'draining') close(connection);
}

function mustWait(connection: Connection): boolean {
  const { run, ledger } = connection[Field.context];
  if (!connection[Field.pingedAt]) {
    connection[Field.pingedAt] = connection[Field.sequence];
    connection[Field.wire]?.ping(connection[Field.socket]);
  }
  const isFull = connection[Field.unreadBytes] + run.messageSize > MAX_UNREAD_BYTES;
  if (isFull && !connection[Field.isHeldBack]) {
    connection[Field.isHeldBack] = true;
    ledger.check(null, { 'sending paused, the server reads nothing': () => false });
  }
  return isFull;
}

function ponged(connection: Connection): void {
  hasRead(connection, connection[Field.pingedAt]);
  connection[Field.pingedAt] = 0;
}

/** The server has read the first `count` messages: only those after them can still fill its socket. */
function hasRead(connection: Connection, count: number): void {
  const after = (connection[Field.sequence] - count) * connection[Field.context].run.messageSize;
  connection[Field.unreadBytes] = Math.min(connection[Field.unreadBytes], after);
}

function logProgress([{ run, startedAt }, index]: Connection): void {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const when = run.arrives ? '' : `, ${seconds}s after the start`;
  console.info(`${groupDigits(index + 1)} of ${groupDigits(run.connections)} connections tried${when}`);
}

function close(connection: Connection): void {
  reportPending(connection);
  connection[Field.state] = 'ended';
  connection[Field.context].ledger.connectionsOpen(-1);
  connection[Field.context].ledger.connectionsClosed(1);
  connection[Field.context].ledger.connectionsHeld(true);
  connection[Field.wire]?.close(NORMAL_CLOSURE, connection[Field.socket]);
}

function reportPending(connection: Connection): void {
  if (connection[Field.pendingChange] !== 0)
    connection[Field.context].ledger.messagesPending(connection[Field.pendingChange]);
  connection[Field.pendingChange] = 0;
}

function messageFailed(connection: Connection, reason: MessageFailure): void {
  const { ledger } = connection[Field.context];
  connection[Field.pendingChange] -= 1;
  ledger.messageSuccess(false);
  ledger.messageFailures(1, { reason });
}

function settleStrays(connection: Connection): void {
  if (connection[Field.strays] > 0) connection[Field.context].ledger.messageUnexpected(connection[Field.strays]);
  connection[Field.strays] = 0;
}

function oldestSequence(connection: Connection): number {
  return connection[Field.oldestText] === null ? NO_REPLY : connection[Field.oldestSequence];
}

function takeOldest(connection: Connection): Pending | null {
  const text = connection[Field.oldestText];
  if (text === null) return null;
  const message = {
    sequence: connection[Field.oldestSequence],
    text,
    sentAt: connection[Field.oldestSentAt],
    intendedAt: connection[Field.oldestIntendedAt],
  };
  const next = connection[Field.later]?.shift() ?? null;
  connection[Field.oldestText] = next?.text ?? null;
  if (next) {
    connection[Field.oldestSequence] = next.sequence;
    connection[Field.oldestSentAt] = next.sentAt;
    connection[Field.oldestIntendedAt] = next.intendedAt;
  }
  if (connection[Field.later]?.length === 0) connection[Field.later] = null;
  return message;
}

function takePending(connection: Connection, sequence: number): Pending | null {
  if (sequence === oldestSequence(connection)) return takeOldest(connection);
  const later = connection[Field.later] ?? [];
  const position = later.findIndex((message) => message.sequence === sequence);
  if (position < 0) return null;
  const [message] = later.splice(position, 1);
  if (later.length === 0) connection[Field.later] = null;
  return message ?? null;
}

/** Bytes as text, one character each: enough to find an id in a binary reply. */
function latin1(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes);
  let text = '';
  for (let i = 0; i < view.length; i += 8_192) text += String.fromCharCode(...view.subarray(i, i + 8_192));
  return text;
}
