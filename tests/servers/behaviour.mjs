/**
 * What the fault server does with one connection: how it answers the handshake, how it talks, how it ends. Each part
 * left out is the healthy one: accept, echo, answer the client's close frame.
 *
 * @typedef {object} Behaviour
 * @property {Handshake} [handshake]
 * @property {Talk} [talk]
 * @property {Ending} [ending]
 *
 * @typedef {{ kind: 'accept', delayMs?: number, subprotocol?: string }
 *   | { kind: 'hang' }
 *   | { kind: 'status', status: number, headers?: Record<string, string> }
 *   | { kind: 'wrongAcceptKey' }
 *   | { kind: 'garbage', text?: string }
 *   | { kind: 'resetOnConnect' }
 *   | { kind: 'resetOnRequest' }
 *   | { kind: 'resetInResponse' }
 *   | { kind: 'endOnRequest' }} Handshake
 *   hang: accept TCP and say nothing. resetInResponse: half a status line, then RST. endOnRequest: FIN, no answer.
 *
 * @typedef {{ kind: 'echo' }
 *   | { kind: 'silent' }
 *   | { kind: 'late', delayMs: number }
 *   | { kind: 'twice' }
 *   | { kind: 'swapped' }
 *   | { kind: 'foreignId' }
 *   | { kind: 'garbage' }
 *   | { kind: 'strayFirst' }
 *   | { kind: 'fragmented' }
 *   | { kind: 'large', bytes: number }
 *   | { kind: 'binary' }
 *   | { kind: 'pingFlood', pings: number }
 *   | { kind: 'push', frames: number }
 *   | { kind: 'stopReading' }} Talk
 *   strayFirst: a frame without an id, then the echo. swapped: holds every other message back and answers each pair in reverse. large: the echo padded to this size.
 *   pingFlood: this many pings before each echo. push: this many frames that answer nothing, upon the handshake.
 *   stopReading: never reads a byte after the handshake, so that the client's buffers fill.
 *
 * @typedef {({ kind: 'close', code: number, reason?: string }
 *   | { kind: 'vanish' }
 *   | { kind: 'reset' }
 *   | { kind: 'violate', violation: Violation }
 *   | { kind: 'ignoreClose' }) & Trigger} Ending
 *   vanish: FIN without a close frame. reset: RST. ignoreClose: never answers the client's close frame; has no trigger.
 *
 * @typedef {'badOpcode' | 'masked' | 'reservedBit' | 'badCloseCode' | 'badCloseUtf8' | 'badUtf8' | 'longControl'
 *   | 'strayContinuation'} Violation
 *
 * @typedef {{ afterMs?: number, afterMessages?: number }} Trigger
 *   When: ms after the handshake, or upon the n-th message, before its reply; 0 ms if neither is given.
 */

import { closePayload, frame, OPCODE } from './frames.mjs';

/**
 * The bytes of a frame that breaks RFC 6455.
 *
 * @param {Violation} violation
 * @returns {Buffer}
 */
export function violationBytes(violation) {
  switch (violation) {
    case 'badOpcode':
      return frame(3, 'x');
    case 'masked':
      return frame(OPCODE.text, 'x', { mask: true });
    case 'reservedBit':
      return frame(OPCODE.text, 'x', { rsv: 2 });
    case 'badCloseCode':
      return frame(OPCODE.close, closePayload(1005));
    case 'badCloseUtf8':
      return frame(OPCODE.close, closePayload(1000, Buffer.from([0xff])));
    case 'badUtf8':
      return frame(OPCODE.text, Buffer.from([0xff, 0xfe]));
    case 'longControl':
      return frame(OPCODE.ping, Buffer.alloc(126));
    case 'strayContinuation':
      return frame(OPCODE.continuation, 'x');
    default:
      throw new Error(`no such violation: ${violation}`);
  }
}

/**
 * Shares of the connections, by index: `shares([3, hang], [1, echo])` gives hang, hang, hang, echo, hang …
 *
 * @param {...[number, Behaviour]} parts How many in a row, and what.
 * @returns {Behaviour[]} one round; startFaultServer repeats it.
 */
export function shares(...parts) {
  return parts.flatMap(([count, behaviour]) => Array.from({ length: count }, () => behaviour));
}
