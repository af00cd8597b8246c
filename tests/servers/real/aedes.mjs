// An MQTT broker, aedes on ws, that counts by its own hooks. `node tests/servers/real/aedes.mjs 3000`; see serve.mjs.
import { createServer } from 'node:http';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { runAsScript } from '../../../scripts/lib/exit-error.mjs';
import { listening, noCounts, serving } from './serve.mjs';

/**
 * Lets all in but the password `wrong`, and refuses to be told anything about the topic `forbidden` or those below it.
 *
 * @param {object} [options]
 * @param {number} [options.port]
 * @returns {Promise<import('./serve.mjs').RealServer>}
 */
export async function start({ port = 0 } = {}) {
  const counts = noCounts();
  const broker = await Aedes.createBroker({
    authenticate: (_client, _username, password, done) => {
      const isRight = String(password) !== 'wrong';
      if (!isRight) counts.loginsRefused += 1;
      done(null, isRight);
    },
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, subscription.topic.startsWith('forbidden') ? null : subscription),
    authorizeForward: (_client, packet) => {
      if (!packet.topic.startsWith('$SYS')) counts.deliveries += 1;
      return packet;
    },
  });
  broker.on('client', () => {
    counts.logins += 1;
    counts.open += 1;
  });
  broker.on('clientDisconnect', () => {
    counts.open -= 1;
  });
  broker.on('publish', (_packet, client) => {
    if (client) counts.requests += 1;
  });
  const http = createServer();
  const ws = new WebSocketServer({ server: http, handleProtocols: () => 'mqtt' });
  ws.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket);
    stream.on('error', () => {});
    broker.handle(stream, request);
  });
  return listening(http, port, counts, async () => {
    for (const socket of ws.clients) socket.terminate();
    await new Promise((resolve) => broker.close(() => resolve(undefined)));
  });
}

await runAsScript(import.meta.url, serving(start));
