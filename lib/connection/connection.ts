import type { Run } from '../plan/run.ts';
import type { Ledger } from './ledger.ts';

/** Normal closure (RFC 6455, 7.4.1). */
export const NORMAL_CLOSURE = 1000;

/** Connections between two lines of progress. */
export const PROGRESS_STEP = 1_000;

/** What all connections of a VU share. */
export interface Context {
  run: Run;
  ledger: Ledger;
  /** Start of the ramp, in ms since the epoch. */
  startedAt: number;
}

/**
 * What is done to a socket of k6, in both of its WebSocket APIs. One may stand for many sockets: the one that is meant
 * comes last.
 */
export interface Wire {
  /** Read once for each connection, and called without `this`. */
  send(this: void, text: string, socket: unknown): void;
  ping(socket: unknown): void;
  /** Called only on an open socket: closing a connecting one freezes k6. */
  close(code: number, socket: unknown): void;
}

/** A message that waits for its reply. */
export interface Pending {
  sequence: number;
  text: string;
  sentAt: number;
  intendedAt: number;
}

/** The places of a Connection, in its order. */
export enum Field {
  context,
  index,
  state,
  wire,
  send,
  socket,
  begunAt,
  closeAt,
  nextSendAt,
  sequence,
  prefix,
  oldestText,
  oldestSequence,
  oldestSentAt,
  oldestIntendedAt,
  later,
  strays,
  unreadBytes,
  pendingChange,
  pingedAt,
  isHeldBack,
}

/**
 * A connection, to be read as `connection[Field.state]`. A list, because k6's JavaScript engine finds a property by its
 * hash but an element by its place: with 10,000 connections that is about a twentieth of k6's whole CPU time.
 */
export type Connection = [
  context: Context,
  index: number,
  /** late: failed already, the wire still connecting; draining: sends no more, waits for replies. */
  state: 'connecting' | 'late' | 'open' | 'draining' | 'ended',
  wire: Wire | null,
  send: Wire['send'] | null,
  socket: unknown,
  begunAt: number,
  /** When it is to close, in ms since the epoch. */
  closeAt: number,
  nextSendAt: number,
  sequence: number,
  /** What its messages begin with. */
  prefix: string,
  /** The oldest message without a reply, in the connection itself: an object would be 0.6 KB; null: none waits. */
  oldestText: string | null,
  oldestSequence: number,
  oldestSentAt: number,
  oldestIntendedAt: number,
  /** Those after the oldest. */
  later: Pending[] | null,
  /** Frames that look like answers to somebody else's messages, while ours wait. */
  strays: number,
  /** Sent since the last sign that the server reads. */
  unreadBytes: number,
  /** Messages begun less messages ended since the last sample of `ws_messages_pending`. */
  pendingChange: number,
  /** Messages sent before the ping that is under way; 0: none is. */
  pingedAt: number,
  /** Sending has been paused, and the report told so. */
  isHeldBack: boolean,
];
