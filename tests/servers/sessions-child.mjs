// The process behind startSessions(): a server with logins that can be killed at any time. It tells each event as it
// happens, so that what it counted outlives it.

import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { WebSocketServer } from 'ws';

/** @type {{ port: number, life: number, mode: import('./sessions.mjs').Mode, dropShare: number }} */
const { port, life, mode, dropShare } = JSON.parse(process.argv[2] ?? '{}');
const tell = (/** @type {string} */ what) => process.send?.({ what, at: Date.now() });
process.on('disconnect', () => process.exit());

/** @param {import('ws').WebSocket} socket */
function serve(socket) {
  tell('handshakes');
  socket.on('error', () => {});
  socket.on('close', (code) => tell(`closed ${code}`));
  socket.on('message', (data) => {
    const { type, n, resume, index } = JSON.parse(String(data));
    if (type === 'login') {
      tell('logins');
      if (/^t-\d+-\d+$/.test(resume ?? '')) tell(resume.startsWith(`t-${index}-`) ? 'resumed' : 'confused');
      socket.send(JSON.stringify({ type: 'welcome', token: `t-${index}-${life}` }));
      if (mode === 'throwOut') socket.close(1013, 'no server behind');
      return;
    }
    tell('received');
    // Only then: who waits for a reply is logged in and has not begun to leave, and takes it for the drop that it is.
    if (Math.random() < dropShare) {
      tell('dropped');
      socket.terminate();
    } else socket.send(JSON.stringify({ type: 'answer', n }));
  });
}

let server;
if (mode === 'hang') {
  server = createServer(() => tell('hung'));
} else {
  server = createHttpServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (request, socket, head) => {
    tell('upgrades');
    socket.on('error', () => {});
    if (mode === 'refuse') {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    } else sockets.handleUpgrade(request, socket, head, serve);
  });
}
server.listen({ port, host: '127.0.0.1', backlog: 8192 }, () => {
  process.send?.({ port: /** @type {import('node:net').AddressInfo} */ (server.address()).port });
});
