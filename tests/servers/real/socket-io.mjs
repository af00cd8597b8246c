// A socket.io server that counts by its own hooks. `node tests/servers/real/socket-io.mjs 3000`; see serve.mjs.
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { runAsScript } from '../../../scripts/lib/exit-error.mjs';
import { listening, noCounts, serving } from './serve.mjs';

/**
 * Lets all in but the token `wrong`. Events: `echo` (acknowledged with what it got), `join` a room, `say` to a room (all in it get `said`), `fail` (acknowledged
 * with a refusal), `bytes` (acknowledged with them in reverse), `ask` (answered by the event `answer`), `leave` (it puts the client out).
 *
 * @param {object} [options]
 * @param {number} [options.port]
 * @param {number} [options.pingIntervalMs]
 * @param {number} [options.pingTimeoutMs]
 * @returns {Promise<import('./serve.mjs').RealServer>}
 */
export async function start({ port = 0, pingIntervalMs = 25_000, pingTimeoutMs = 20_000 } = {}) {
  const counts = noCounts();
  const http = createServer();
  const io = new Server(http, { pingInterval: pingIntervalMs, pingTimeout: pingTimeoutMs, serveClient: false });
  for (const namespace of [io.of('/'), io.of('/admin')]) {
    namespace.use((socket, next) => {
      if (socket.handshake.auth.token !== 'wrong') return next();
      counts.loginsRefused += 1;
      next(new Error('unauthorized'));
    });
    namespace.on('connection', (socket) => {
      counts.logins += 1;
      counts.open += 1;
      const answer = (acknowledge, ...reply) => {
        counts.requests += 1;
        acknowledge?.(...reply);
      };
      socket.on('disconnect', () => {
        counts.open -= 1;
      });
      socket.on('echo', (said, acknowledge) => answer(acknowledge, { status: 'ok', said }));
      socket.on('join', (room, acknowledge) => {
        if (room === 'closed') return acknowledge?.({ status: 'error', reason: 'room is closed' });
        socket.join(room);
        acknowledge?.({ status: 'ok' });
      });
      socket.on('say', (room, text, acknowledge) => {
        counts.deliveries += namespace.adapter.rooms.get(room)?.size ?? 0;
        namespace.to(room).emit('said', { room, text });
        answer(acknowledge, { status: 'ok' });
      });
      socket.on('fail', (acknowledge) => {
        counts.refused += 1;
        acknowledge({ status: 'error', reason: 'quota' });
      });
      socket.on('bytes', (bytes, acknowledge) => answer(acknowledge, Buffer.from(bytes).reverse()));
      socket.on('ask', (ref) => {
        counts.requests += 1;
        socket.emit('answer', { ref });
      });
      socket.on('leave', () => socket.disconnect());
    });
  }
  return listening(http, port, counts, () => io.close());
}

await runAsScript(import.meta.url, serving(start));
