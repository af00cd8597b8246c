import { groupDigits } from '../plan/format.ts';
import { protocolOf } from '../protocol/choose.ts';
import { NO_REPLY, type Protocol, STRAY } from '../protocol/protocol.ts';
import { classifyConnectFailure, classifyDrop } from './classify.ts';
import type { Connection, Pending } from './connection.ts';

import type { ConnectFailure, MessageFailure } from './outcome.ts';
import { MAX_UNREAD_BYTES } from './unread.ts';

/** Normal closure (RFC 6455, 7.4.1). */
const NORMAL_CLOSURE = 1000;

/** What happens to a connection besides the plain course of a healthy one; see connection.ts. */
export interface Exceptions {
  /** The attempt failed for this reason; a second outcome is ignored. */
  failed(connection: Connection, reason: ConnectFailure, detail: string): void;
  /** The attempt failed with k6's error text, or the server's HTTP status (0: none). */
  refused(connection: Connection, error: string, status: number): void;
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
  if (connection.state === 'connecting') {
    const { ledger } = connection.context;
    ledger.connectsPending(-1);
    ledger.connectSuccess(false);
    ledger.connectFailures(1, { reason });
    if (detail !== '') ledger.check(null, { [detail]: () => false });
    if ((connection.index + 1) % 1_000 === 0) logProgress(connection);
  }
  connection.state = 'ended';
}

function refused(connection: Connection, error: string, status: number): void {
  const { reason, detail } = classifyConnectFailure(error, status);
  failed(connection, reason, detail);
}

function dropped(connection: Connection, code: number | undefined, error: string, now: number): void {
  if (connection.state !== 'open' && connection.state !== 'draining') return;
  expire(connection, now);
  for (let message = takeOldest(connection); message; message = takeOldest(connection))
    messageFailed(connection, 'lost');
  settleStrays(connection);
  const { ledger } = connection.context;
  const { reason, detail } = classifyDrop({ closeCode: code, error });
  reportPending(connection);
  ledger.connectionsOpen(-1);
  ledger.connectionsDropped(1, { reason });
  if (detail !== '') ledger.check(null, { [detail]: () => false });
  connection.state = 'ended';
}

function tickUnopened(connection: Connection, now: number): number {
  const { run } = connection.context;
  if (connection.state === 'connecting') {
    const deadline = connection.begunAt + run.handshakeTimeoutMs;
    if (now <= deadline) return deadline + 1;
    failed(connection, 'handshake_timeout', '');
    connection.state = 'late';
  }
  if (connection.state !== 'draining') return 0;
  expire(connection, now);
  reportPending(connection);
  if (connection.oldest) return connection.oldest.sentAt + run.messageTimeoutMs + 1;
  close(connection);
  return 0;
}

function expire(connection: Connection, now: number): void {
  const { messageTimeoutMs } = connection.context.run;
  while (connection.oldest && now - connection.oldest.sentAt > messageTimeoutMs) {
    takeOldest(connection);
    messageFailed(connection, connection.strays > 0 ? 'mismatch' : 'timeout');
    if (connection.strays > 0) connection.strays -= 1;
  }
  if (!connection.oldest) settleStrays(connection);
}

function receivedOther(connection: Connection, frame: string | ArrayBuffer, now: number): void {
  if (connection.state !== 'open' && connection.state !== 'draining') return;
  const { ledger, run } = connection.context;
  const protocol: Protocol = protocolOf(run.protocol);
  const text = typeof frame === 'string' ? frame : latin1(frame);
  const sequence = protocol.replyTo(text, connection.index, connection.oldest?.sequence ?? NO_REPLY);
  const message = sequence < 0 ? null : takePending(connection, sequence);
  if (message) {
    if (now - message.sentAt > run.messageTimeoutMs) {
      messageFailed(connection, 'timeout');
      ledger.messageUnexpected(1);
    } else {
      connection.pendingChange -= 1;
      if (run.protocol === 'echo') hasRead(connection, message.sequence + 1);
      ledger.messageSuccess(true);
      if (Math.random() < run.sampleShare) {
        ledger.messageRtt(Math.max(0, now - message.sentAt));
        ledger.messageResponse(Math.max(0, now - message.intendedAt));
      }
    }
  } else if (connection.oldest && (sequence === STRAY || sequence >= connection.sequence)) {
    connection.strays += 1;
  } else {
    ledger.messageUnexpected(1);
  }
  if (connection.oldest) return;
  settleStrays(connection);
  if (connection.state === 'draining') close(connection);
}

function mustWait(connection: Connection): boolean {
  const { run, ledger } = connection.context;
  if (!connection.pingedAt) {
    connection.pingedAt = connection.sequence;
    connection.wire?.ping();
  }
  const isFull = connection.unreadBytes + run.messageSize > MAX_UNREAD_BYTES;
  if (isFull && !connection.isHeldBack) {
    connection.isHeldBack = true;
    ledger.check(null, { 'sending paused, the server reads nothing': () => false });
  }
  return isFull;
}

function ponged(connection: Connection): void {
  hasRead(connection, connection.pingedAt ?? 0);
  connection.pingedAt = 0;
}

/** The server has read the first `count` messages: only those after them can still fill its socket. */
function hasRead(connection: Connection, count: number): void {
  const after = (connection.sequence - count) * connection.context.run.messageSize;
  connection.unreadBytes = Math.min(connection.unreadBytes, after);
}

function logProgress({ context, index }: Connection): void {
  const { run, startedAt } = context;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const when = run.arrives ? '' : `, ${seconds}s after the start`;
  console.info(`${groupDigits(index + 1)} of ${groupDigits(run.connections)} connections tried${when}`);
}

function close(connection: Connection): void {
  reportPending(connection);
  connection.state = 'ended';
  connection.context.ledger.connectionsOpen(-1);
  connection.context.ledger.connectionsClosed(1);
  connection.wire?.close(NORMAL_CLOSURE);
}

function reportPending(connection: Connection): void {
  if (connection.pendingChange !== 0) connection.context.ledger.messagesPending(connection.pendingChange);
  connection.pendingChange = 0;
}

function messageFailed(connection: Connection, reason: MessageFailure): void {
  const { ledger } = connection.context;
  connection.pendingChange -= 1;
  ledger.messageSuccess(false);
  ledger.messageFailures(1, { reason });
}

function settleStrays(connection: Connection): void {
  if (connection.strays > 0) connection.context.ledger.messageUnexpected(connection.strays);
  connection.strays = 0;
}

function takeOldest(connection: Connection): Pending | null {
  const message = connection.oldest;
  connection.oldest = connection.later?.shift() ?? null;
  if (connection.later?.length === 0) connection.later = null;
  return message;
}

function takePending(connection: Connection, sequence: number): Pending | null {
  if (connection.oldest?.sequence === sequence) return takeOldest(connection);
  const position = connection.later?.findIndex((message) => message.sequence === sequence) ?? -1;
  if (position < 0) return null;
  const [message] = connection.later?.splice(position, 1) ?? [];
  if (connection.later?.length === 0) connection.later = null;
  return message ?? null;
}

/** Bytes as text, one character each: enough to find an id in a binary reply. */
function latin1(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes);
  let text = '';
  for (let i = 0; i < view.length; i += 8_192) text += String.fromCharCode(...view.subarray(i, i + 8_192));
  return text;
}
