import { createHash } from 'node:crypto';
import { count } from './counts.mjs';
import { converse } from './fault-talk.mjs';

/** RFC 6455, 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * Reads the request and answers it as scripted; an accepted connection goes on to converse().
 *
 * @param {import('node:net').Socket} socket
 * @param {import('./behaviour.mjs').Behaviour} behaviour
 * @param {import('./counts.mjs').Counts} counts
 * @param {() => void} changed
 */
export function answerHandshake(socket, { handshake = { kind: 'accept' }, talk, ending }, counts, changed) {
  if (handshake.kind === 'resetOnConnect') {
    counts.handshakesReset += 1;
    socket.resetAndDestroy();
    return;
  }
  let request = '';
  const onRequest = (/** @type {Buffer} */ chunk) => {
    request += chunk.toString('latin1');
    if (!request.includes('\r\n\r\n')) return;
    socket.off('data', onRequest);
    answer();
    changed();
  };
  socket.on('data', onRequest);

  function answer() {
    const key = /^sec-websocket-key: *(\S+)/im.exec(request)?.[1] ?? '';
    switch (handshake.kind) {
      case 'accept':
        if (handshake.delayMs) setTimeout(accept, handshake.delayMs, key).unref();
        else accept(key);
        return;
      case 'hang':
        counts.hung += 1;
        // Read on, or the client's leaving is never noticed.
        socket.resume();
        return;
      case 'status': {
        count(counts.refused, handshake.status);
        const headers = Object.entries(handshake.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.end(`HTTP/1.1 ${handshake.status} Refused\r\n${headers.join('')}Content-Length: 0\r\n\r\n`);
        return;
      }
      case 'wrongAcceptKey':
        counts.brokenHandshakes += 1;
        socket.end(switching('not the key'));
        return;
      case 'garbage':
        counts.brokenHandshakes += 1;
        socket.end(handshake.text ?? 'SSH-2.0-OpenSSH_9.6\r\n\r\n');
        return;
      case 'resetOnRequest':
        counts.handshakesReset += 1;
        socket.resetAndDestroy();
        return;
      case 'resetInResponse':
        counts.handshakesReset += 1;
        socket.write('HTTP/1.1 101 Switching Pro', () => socket.resetAndDestroy());
        return;
      case 'endOnRequest':
        counts.handshakesEnded += 1;
        socket.end();
        return;
    }
  }

  /** @param {string} key */
  function accept(key) {
    if (socket.destroyed) return;
    counts.handshakes += 1;
    counts.open += 1;
    socket.write(
      switching(
        createHash('sha1')
          .update(key + ACCEPT_GUID)
          .digest('base64'),
        handshake.kind === 'accept' ? handshake.subprotocol : undefined,
      ),
    );
    converse(socket, talk ?? { kind: 'echo' }, ending, counts, changed);
    changed();
  }
}

/**
 * @param {string} acceptKey
 * @param {string} [subprotocol]
 */
function switching(acceptKey, subprotocol) {
  return (
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${acceptKey}\r\n` +
    `${subprotocol ? `Sec-WebSocket-Protocol: ${subprotocol}\r\n` : ''}\r\n`
  );
}
