/** WebSocket opcodes (RFC 6455, 5.2). */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/**
 * One frame as a server sends it: unmasked, final, valid. Every field can be set wrong on purpose.
 *
 * @param {number} opcode 0 to 15.
 * @param {Buffer | string} payload
 * @param {{ fin?: boolean, rsv?: number, mask?: boolean }} [flags] rsv: 0 to 7, the three reserved bits (RSV1 is 4).
 * @returns {Buffer}
 */
export function frame(opcode, payload, { fin = true, rsv = 0, mask = false } = {}) {
  const body = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const masked = mask ? 0x80 : 0;
  let head;
  if (body.length < 126) {
    head = Buffer.from([first, masked | body.length]);
  } else if (body.length < 65536) {
    head = Buffer.from([first, masked | 126, 0, 0]);
    head.writeUInt16BE(body.length, 2);
  } else {
    head = Buffer.alloc(10);
    head[0] = first;
    head[1] = masked | 127;
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  // An all-zero masking key leaves the payload as it is.
  return Buffer.concat(mask ? [head, Buffer.alloc(4), body] : [head, body]);
}

/**
 * A close frame's payload.
 *
 * @param {number} code
 * @param {string | Buffer} [reason] At most 123 bytes.
 */
export function closePayload(code, reason = '') {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, Buffer.from(reason)]);
}

/**
 * Splits a client's byte stream into frames. Clients send small, final, masked frames here; nothing else is needed.
 *
 * @param {(opcode: number, payload: Buffer) => void} onFrame
 * @returns {(chunk: Buffer) => void} takes the bytes as they come.
 */
export function frameReader(onFrame) {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      if (rest.length < 2) return;
      const short = rest[1] & 0x7f;
      const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
      const keyAt = 2 + lengthBytes;
      if (rest.length < keyAt + 4) return;
      const length =
        lengthBytes === 2 ? rest.readUInt16BE(2) : lengthBytes === 8 ? Number(rest.readBigUInt64BE(2)) : short;
      const end = keyAt + 4 + length;
      if (rest.length < end) return;
      const key = rest.subarray(keyAt, keyAt + 4);
      const payload = Buffer.from(rest.subarray(keyAt + 4, end));
      for (let i = 0; i < payload.length; i++) payload[i] ^= key[i & 3];
      const opcode = rest[0] & 0xf;
      rest = rest.subarray(end);
      onFrame(opcode, payload);
    }
  };
}
