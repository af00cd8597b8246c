import { violationBytes } from './behaviour.mjs';
import { count } from './counts.mjs';
import { closePayload, frame, frameReader, OPCODE } from './frames.mjs';

/**
 * Talks on an established connection as scripted, and ends it as scripted.
 *
 * @param {import('node:net').Socket} socket
 * @param {import('./behaviour.mjs').Talk} talk
 * @param {import('./behaviour.mjs').Ending | undefined} ending
 * @param {import('./counts.mjs').Counts} counts
 * @param {() => void} changed
 */
export function converse(socket, talk, ending, counts, changed) {
  let messages = 0;
  let ended = false;
  /** @type {Buffer | null} */
  let heldBack = null;
  const end = () => {
    if (ended) return false;
    ended = true;
    counts.open -= 1;
    return true;
  };
  const reply = (/** @type {string} */ kind, /** @type {Buffer} */ bytes) => {
    if (ended || socket.destroyed) return;
    count(counts.replies, kind);
    socket.write(bytes);
  };

  const finish = () => {
    if (!ending || !end()) return;
    if (ending.kind === 'close') {
      count(counts.closesSent, ending.code);
      socket.write(frame(OPCODE.close, closePayload(ending.code, ending.reason)));
    } else if (ending.kind === 'vanish') {
      counts.vanished += 1;
      socket.end();
    } else if (ending.kind === 'reset') {
      counts.reset += 1;
      socket.resetAndDestroy();
    } else if (ending.kind === 'violate') {
      counts.violations += 1;
      socket.write(violationBytes(ending.violation));
    }
    changed();
  };

  const onMessage = (/** @type {Buffer} */ payload) => {
    counts.received += 1;
    messages += 1;
    if (messages === 1) counts.speakers += 1;
    if (ended) return;
    if (ending && 'afterMessages' in ending && ending.afterMessages === messages) return finish();
    switch (talk.kind) {
      case 'echo':
      case 'push':
        return reply('echo', frame(OPCODE.text, payload));
      case 'late':
        setTimeout(reply, talk.delayMs, 'late', frame(OPCODE.text, payload)).unref();
        return;
      case 'twice':
        reply('echo', frame(OPCODE.text, payload));
        return reply('duplicate', frame(OPCODE.text, payload));
      case 'swapped':
        if (heldBack === null) {
          heldBack = payload;
          return;
        }
        reply('echo', frame(OPCODE.text, payload));
        reply('echo', frame(OPCODE.text, heldBack));
        heldBack = null;
        return;
      case 'foreignId':
        return reply('foreign', frame(OPCODE.text, JSON.stringify({ id: 'zzzzz-0' })));
      case 'garbage':
        return reply('garbage', frame(OPCODE.text, 'no id in here'));
      case 'strayFirst':
        reply('garbage', frame(OPCODE.text, 'no id in here'));
        return reply('echo', frame(OPCODE.text, payload));
      case 'fragmented': {
        const middle = payload.length >> 1;
        return reply(
          'echo',
          Buffer.concat([
            frame(OPCODE.text, payload.subarray(0, middle), { fin: false }),
            frame(OPCODE.ping, 'between'),
            frame(OPCODE.continuation, payload.subarray(middle)),
          ]),
        );
      }
      case 'large':
        return reply('echo', frame(OPCODE.text, payload.toString('utf8').padEnd(talk.bytes)));
      case 'binary':
        return reply('echo', frame(OPCODE.binary, payload));
      case 'pingFlood':
        for (let i = 0; i < talk.pings; i++) socket.write(frame(OPCODE.ping, String(i)));
        return reply('echo', frame(OPCODE.text, payload));
    }
  };

  const read = frameReader((opcode, payload) => {
    if (opcode === OPCODE.close) {
      const code = payload.length >= 2 ? payload.readUInt16BE() : 1005;
      const ours = !end();
      if (!ours) count(counts.closesReceived, code);
      if (ours) socket.end();
      else if (ending?.kind !== 'ignoreClose') socket.end(frame(OPCODE.close, payload));
    } else if (opcode === OPCODE.ping) {
      socket.write(frame(OPCODE.pong, payload));
    } else if (opcode !== OPCODE.pong) {
      onMessage(payload);
    }
    changed();
  });
  if (talk.kind === 'stopReading') {
    socket.pause();
  } else {
    socket.on('data', read);
    socket.resume();
  }
  socket.on('close', () => {
    end();
    changed();
  });
  if (talk.kind === 'push') {
    for (let i = 0; i < talk.frames; i++) reply('push', frame(OPCODE.text, `push ${i}`));
  }
  if (ending && ending.kind !== 'ignoreClose' && ending.afterMessages === undefined) {
    setTimeout(finish, ending.afterMs ?? 0).unref();
  }
}
