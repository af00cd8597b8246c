import { once } from 'node:events';
import { createServer } from 'node:net';
import { noCounts } from './counts.mjs';
import { answerHandshake } from './fault-handshake.mjs';
import { watched } from './watched.mjs';

/**
 * A WebSocket server on 127.0.0.1 that misbehaves as scripted, byte by byte, and counts what it did.
 *
 * @param {object} options
 * @param {import('./behaviour.mjs').Behaviour[] | ((index: number) => import('./behaviour.mjs').Behaviour)} options.script
 *   What the n-th TCP connection gets, from 0; a list is repeated.
 * @param {number} [options.stopListeningAfter] Refuse further connections after this many; those held are kept.
 * @param {number} [options.port] Default: a free one.
 */
export async function startFaultServer({ script, stopListeningAfter = Number.POSITIVE_INFINITY, port = 0 }) {
  const pick = typeof script === 'function' ? script : (/** @type {number} */ index) => script[index % script.length];
  const counts = noCounts();
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const { changed, until } = watched(() => counts);

  const server = createServer({ noDelay: true }, (socket) => {
    const behaviour = pick(counts.accepted) ?? {};
    counts.accepted += 1;
    if (counts.accepted === stopListeningAfter) server.close();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A reset by the client is an ordinary end here; `close` follows.
    socket.on('error', () => {});
    answerHandshake(socket, behaviour, counts, changed);
    changed();
  });
  server.listen({ port, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  const bound = /** @type {import('node:net').AddressInfo} */ (server.address()).port;

  return {
    port: bound,
    url: `ws://127.0.0.1:${bound}/`,
    /** A copy of the counts as they are now. */
    counts: () => structuredClone(counts),
    until,
    /** Ends every connection and frees the port. */
    close: async () => {
      const closed = server.listening ? once(server, 'close') : Promise.resolve();
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
