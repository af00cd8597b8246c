import { once } from 'node:events';
import { createServer } from 'node:http';
import { processMetrics } from './process-metrics.mjs';
import { PROMETHEUS_TEXT } from './prometheus-lines.mjs';

/** The kernel's queue of connections not yet accepted; a batch of a ramp arrives faster than one event loop takes it. */
const LISTEN_BACKLOG = 8192;
/** How long clients may take to answer the close frame when the server stops. */
const CLOSE_TIMEOUT_MS = 2000;

/**
 * @typedef {object} Listening
 * @property {string} url `ws://127.0.0.1:8081/`; the loopback address where the server listens on every interface.
 * @property {number} port
 * @property {() => Promise<void>} close Closes every connection (code 1001) and stops listening.
 */

/**
 * Listens for WebSocket connections, and tells the server's counts at `GET /stats`, its memory and CPU at `GET /metrics`.
 *
 * @param {object} options
 * @param {string} options.host
 * @param {number} options.port 0: a free one.
 * @param {string} options.what `a WebSocket echo server`, for those who open it in a browser.
 * @param {() => object} options.stats What it counted.
 * @param {import('ws').WebSocketServer} options.sockets With `noServer`.
 * @param {(request: import('node:http').IncomingMessage, socket: import('node:stream').Duplex, head: Buffer) => void} options.upgrade
 * @returns {Promise<Listening>}
 * @throws {Error} With `code`, as `net.Server` gives it: EADDRINUSE, EACCES, EADDRNOTAVAIL, ENOTFOUND.
 */
export async function listenForWebSockets({ host, port, what, stats, sockets, upgrade }) {
  const server = createServer(tellsItself(what, stats));
  server.on('upgrade', upgrade);
  server.listen({ host, port, backlog: LISTEN_BACKLOG });
  await once(server, 'listening');
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `ws://${hostForClients(address)}:${address.port}/`,
    port: address.port,
    close: () => closeAll(server, sockets),
  };
}

/** @param {import('node:net').AddressInfo} address */
function hostForClients({ address, family }) {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::') return '[::1]';
  return family === 'IPv6' ? `[${address}]` : address;
}

/**
 * @param {import('node:http').Server} server
 * @param {import('ws').WebSocketServer} sockets
 */
async function closeAll(server, sockets) {
  const ended = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  for (const client of sockets.clients) client.close(1001, 'server stopped');
  const late = setTimeout(() => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
  }, CLOSE_TIMEOUT_MS);
  await ended;
  clearTimeout(late);
}

/**
 * What our servers answer over HTTP: /stats, /metrics, and who they are.
 *
 * @param {string} what `a WebSocket echo server`
 * @param {() => object} stats
 * @returns {import('node:http').RequestListener}
 */
export function tellsItself(what, stats) {
  return (request, response) => {
    if (request.url === '/stats') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(stats()));
    } else if (request.url === '/metrics') {
      response.writeHead(200, { 'content-type': PROMETHEUS_TEXT }).end(processMetrics());
    } else {
      response.writeHead(426, { upgrade: 'websocket', 'content-type': 'text/plain' });
      response.end(`This is ${what}; GET /stats tells what it counted.\n`);
    }
  };
}
