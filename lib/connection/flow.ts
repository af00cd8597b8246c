import type { Outgoing } from '../conversation/conversation.ts';
import {
  type Connection,
  type Flow,
  isUp,
  type Kind,
  MAX_FRAME_BYTES,
  MAX_UNREAD_BYTES,
  type Parts,
  type Vu,
} from './connection.ts';
import { rareOf } from './rare.ts';

/** Frames of a conversation, other than requests, that may wait for a server that reads nothing. */
const MAX_OUTBOX = 1_000;

/** The generator stands still rather than being a little late. */
const STALL_MS = 1_000;

/** Of a server that reads nothing, or slowly; of one that is far away, too, where much is sent. */
const PAUSED = 'sending paused: 64 KB without a sign that the server read them';

/** What passes unseen (SMALL_TEXT in life.ts) has no more bytes than this. */
const SMALL_BYTES = 15_000;

/**
 * Frames on their way out. k6/ws writes without a deadline, so a server that no longer reads would block the VU for ever:
 * what is sent without a sign that it was read is bounded by MAX_UNREAD_BYTES, and a ping asks for that sign.
 */
export function flowOf(vu: Vu, parts: Parts): Flow {
  /** Of a frame, in bytes: as much as the next one may need. */
  let largest = SMALL_BYTES;
  return { mustWait, ponged, send, stamped, checked, transmitAll };

  function mustWait(connection: Connection, now: number): boolean {
    const dueAt = connection.nextSendAt;
    // A generator that is too slow for its plan would send all that it owes at once, and fill its memory with the replies
    // for which it has no time either.
    const isLate = vu.traits.awaits && now - dueAt >= STALL_MS;
    if (!isLate && connection.sentBytes - connection.readBytes <= MAX_UNREAD_BYTES / 4) return false;
    askWhetherRead(connection);
    if (vu.traits.isLean) largest = vu.run.messageSize;
    if (!isFull(connection, largest) && !isLate) return false;
    const rare = rareOf(connection);
    // The first time it is the generator's doing.
    if (isLate && dueAt > rare.heldBackAt) vu.ledger.lag(now - dueAt);
    rare.heldBackAt = now;
    parts.requests.withhold(connection, now);
    return true;
  }

  function ponged(connection: Connection): void {
    const rare = rareOf(connection);
    connection.readBytes = Math.max(connection.readBytes, rare.pingedBytes);
    rare.pingedBytes = 0;
    while (rare.outbox.length > 0 && isUp(connection)) {
      const frame = rare.outbox[0] as Outgoing;
      if (isFull(connection, sizeOf(frame))) {
        askWhetherRead(connection);
        return;
      }
      rare.outbox.shift();
      transmit(connection, frame);
    }
    // Requests that were held back are overdue.
    if (connection.phase === 'ready' && connection.nextSendAt <= rare.heldBackAt) {
      vu.wake(connection, connection.nextSendAt);
    }
  }

  function stamped(connection: Connection, { name, request }: Kind, n: number): Outgoing | Outgoing[] | null {
    parts.fanOut.begin(connection, request.reach as NonNullable<Kind['request']['reach']>);
    let frames: Outgoing | Outgoing[] | null = null;
    try {
      frames = checked(request.frames(connection as never, n), name);
    } finally {
      parts.fanOut.sent(frames === null || connection.phase !== 'ready' ? null : name);
    }
    return frames;
  }

  function checked(frames: Outgoing | Outgoing[] | null, kind: string): Outgoing | Outgoing[] | null {
    if (frames === null || (Array.isArray(frames) && frames.length === 0)) return null;
    checkFrames(frames, `request ${kind}`);
    return frames;
  }

  function transmit(connection: Connection, frame: Outgoing): void {
    if (connection.index < vu.run.trace) parts.notes.trace(connection, '>', frame);
    if (typeof frame === 'string') {
      connection.sentBytes += frame.length;
      vu.send(frame, connection.socket);
    } else {
      connection.sentBytes += frame.byteLength;
      // k6/websockets sends it later, and the conversation may use it again meanwhile.
      const bytes = vu.isOverK6Ws && frame instanceof ArrayBuffer ? frame : bytesOf(frame);
      vu.wire.sendBinary(bytes, connection.socket);
    }
  }

  function transmitAll(connection: Connection, frames: Outgoing | Outgoing[]): void {
    for (const frame of Array.isArray(frames) ? frames : [frames]) sendWhenRead(connection, frame);
  }

  function send(connection: Connection, frame: Outgoing): void {
    checkFrames(frame, 'send()');
    if (rareOf(connection).outbox.length >= MAX_OUTBOX) {
      throw new RangeError(`send(): ${MAX_OUTBOX} frames wait for a server that reads nothing`);
    }
    sendWhenRead(connection, frame);
  }

  /** As soon as the server has read enough of what was sent before; mostly at once. */
  function sendWhenRead(connection: Connection, frame: Outgoing): void {
    const { outbox } = rareOf(connection);
    const size = sizeOf(frame);
    if (outbox.length === 0 && !isFull(connection, size)) {
      transmit(connection, frame);
      if (connection.sentBytes - connection.readBytes > MAX_UNREAD_BYTES / 4) askWhetherRead(connection);
      return;
    }
    askWhetherRead(connection);
    outbox.push(typeof frame === 'string' ? frame : bytesOf(frame));
  }

  function askWhetherRead(connection: Connection): void {
    const rare = rareOf(connection);
    if (rare.pingedBytes > 0 || !isUp(connection)) return;
    rare.pingedBytes = Math.max(1, connection.sentBytes);
    vu.wire.ping(connection.socket);
  }

  function isFull(connection: Connection, size: number): boolean {
    const unread = connection.sentBytes - connection.readBytes;
    if (unread === 0 || unread + size <= MAX_UNREAD_BYTES) return false;
    const rare = rareOf(connection);
    if (!rare.isHeldBack) parts.notes.count(connection, 'detail', PAUSED);
    rare.isHeldBack = true;
    return true;
  }

  function checkFrames(frames: unknown, what: string): void {
    if (Array.isArray(frames)) for (const frame of frames) checkFrame(frame, what);
    else checkFrame(frames, what);
  }

  function checkFrame(frame: unknown, what: string): void {
    parts.stages.refuseLater(frame, what);
    if (typeof frame !== 'string' && !(frame instanceof ArrayBuffer) && !(frame instanceof Uint8Array)) {
      const given = frame === null ? 'null' : typeof frame;
      throw new TypeError(`${what} gave ${given} to send: expected a string, an ArrayBuffer or a Uint8Array`);
    }
    const size = sizeOf(frame);
    largest = Math.max(largest, Math.min(size, MAX_UNREAD_BYTES));
    if (vu.isOverK6Ws && size > MAX_FRAME_BYTES) {
      throw new RangeError(
        `${what} gave a frame of ${size} bytes: over k6/ws at most ${MAX_FRAME_BYTES}, since its writes have no deadline (multiplexed has no such limit)`,
      );
    }
  }

  function sizeOf(frame: Outgoing): number {
    if (typeof frame !== 'string') return frame.byteLength;
    // Only a text that could be too large is worth counting: UTF-8 takes up to three bytes for a UTF-16 unit.
    if (!vu.isOverK6Ws || frame.length * 3 <= MAX_FRAME_BYTES || frame.length > MAX_FRAME_BYTES) return frame.length;
    try {
      // Each character is a byte then. To count one by one takes k6 a millisecond for a thousand.
      return unescape(encodeURIComponent(frame)).length;
    } catch {
      // Half a character of two units goes out as the sign of replacement.
      return sizeOf(frame.replace(/[\ud800-\udfff]/g, '\ufffd'));
    }
  }

  /** A copy of its own. */
  function bytesOf(frame: ArrayBuffer | Uint8Array): ArrayBuffer {
    if (frame instanceof ArrayBuffer) return frame.slice(0);
    const { buffer, byteOffset, byteLength } = frame;
    return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
  }
}
