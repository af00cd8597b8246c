// An echo server that tells its process by prom-client, the client library of Prometheus for Node.js, as servers of users do.
// Forked, it prints `listening on ws://127.0.0.1:PORT/` and ends with its parent.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { collectDefaultMetrics, register } from 'prom-client';
import { WebSocketServer } from 'ws';

collectDefaultMetrics({ labels: { app: 'echo, "of" {tests}' } });

const http = createServer(async (_request, response) => {
  response.writeHead(200, { 'content-type': register.contentType }).end(await register.metrics());
});
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.on('error', () => {});
});
http.listen(0, '127.0.0.1');
await once(http, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (http.address());
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.stdout.write(`listening on ws://127.0.0.1:${port}/\n`);
