// A JSON-RPC server that counts by itself. `node tests/servers/real/rpc-websockets.mjs 3000`; see serve.mjs.
import { createServer } from 'node:http';
import { Server } from 'rpc-websockets';
import { runAsScript } from '../../../scripts/lib/exit-error.mjs';
import { listening, noCounts, serving } from './serve.mjs';

/**
 * Methods: `sum` of the params, `fail` (an error), `note` (a notification, counted as a request), `say` (all who called `rpc.on` with `["said"]` get it), `rpc.login`
 * with a token that is not `wrong`.
 *
 * @param {object} [options]
 * @param {number} [options.port]
 * @returns {Promise<import('./serve.mjs').RealServer>}
 */
export async function start({ port = 0 } = {}) {
  const counts = noCounts();
  const http = createServer();
  /** Who called rpc.on; the library keeps its own list to itself. */
  const listeners = new Set();
  const rpc = new Server({ server: http });
  const answered = (result) => {
    counts.requests += 1;
    return result;
  };
  rpc.setAuth(({ token }) => {
    const isRight = token !== 'wrong';
    counts[isRight ? 'logins' : 'loginsRefused'] += 1;
    return isRight;
  });
  rpc.register('sum', (numbers) => answered(numbers.reduce((sum, number) => sum + number, 0)));
  rpc.register('note', () => answered(true));
  rpc.register('fail', () => {
    counts.refused += 1;
    throw rpc.createError(-32001, 'quota', 'x');
  });
  rpc.event('said');
  rpc.register('say', ([text]) => {
    counts.deliveries += listeners.size;
    rpc.emit('said', text);
    return answered('ok');
  });
  rpc.on('connection', (socket) => {
    counts.open += 1;
    socket.on('message', (data) => {
      if (JSON.parse(String(data)).method === 'rpc.on') listeners.add(socket);
    });
    socket.on('close', () => {
      counts.open -= 1;
      listeners.delete(socket);
    });
  });
  return listening(http, port, counts, async () => {
    for (const socket of rpc.wss.clients) socket.terminate();
    await rpc.close();
  });
}

await runAsScript(import.meta.url, serving(start));
