import { WebSocket, WebSocketServer } from 'ws';
import { listenForWebSockets } from './websocket-server.mjs';

/**
 * What the server did, counted where it did it.
 *
 * @typedef {object} Stats
 * @property {number} accepted Handshakes answered with 101.
 * @property {number} refused Handshakes answered with 503 because `maxConnections` were open.
 * @property {number} open
 * @property {number} peakOpen The most that were open at one time.
 * @property {number} closed accepted = open + closed.
 * @property {Record<string, number>} closeCodes closed by code; 1005 is a close frame without a code, 1006 none at all.
 * @property {number} received Messages, text and binary.
 * @property {number} answered Messages echoed. With a delay it stays below received while replies wait.
 * @property {number} errors Connections that broke the protocol or were reset.
 * @property {number[]} [arrivalsMs] When each accepted handshake arrived, in ms since the server began to listen, to
 *   the microsecond.
 */

/** @typedef {import('./websocket-server.mjs').Listening & { stats: () => Stats }} TargetServer stats: a copy. */

/**
 * An echo server that counts: text comes back as text, binary as binary, in the order received.
 *
 * @param {object} [options]
 * @param {string} [options.host] Default 127.0.0.1.
 * @param {number} [options.port] Default 0: a free one.
 * @param {boolean} [options.compression] Negotiate permessage-deflate. Default false: it costs memory per connection.
 * @param {boolean} [options.arrivals] Keep `arrivalsMs`. Default false.
 * @param {number} [options.delayMs] Milliseconds before each reply. Default 0.
 * @param {number} [options.maxConnections] Refuse with 503 while this many are open. Default: no limit.
 * @param {string} [options.subprotocol] The only one to agree to. Default: the first that a client offers.
 * @returns {Promise<TargetServer>} Listening.
 * @throws {Error} With `code`, as `net.Server` gives it: EADDRINUSE, EACCES, EADDRNOTAVAIL, ENOTFOUND.
 */
export async function startTargetServer(options = {}) {
  const { host = '127.0.0.1', port = 0, delayMs = 0, maxConnections = Number.POSITIVE_INFINITY } = options;
  const { compression = false, arrivals = false, subprotocol } = options;
  const counts = { accepted: 0, refused: 0, open: 0, peakOpen: 0, closed: 0, received: 0, answered: 0, errors: 0 };
  /** @type {Record<string, number>} */
  const closeCodes = {};
  /** @type {number[]} */
  const arrivalsMs = [];
  let listeningSince = 0;

  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: compression,
    ...(subprotocol !== undefined && {
      handleProtocols: (/** @type {Set<string>} */ offered) => (offered.has(subprotocol) ? subprotocol : false),
    }),
  });
  const stats = () => ({ ...counts, closeCodes: { ...closeCodes }, ...(arrivals && { arrivalsMs: [...arrivalsMs] }) });

  /** @type {(client: WebSocket, data: import('ws').RawData, isBinary: boolean) => void} */
  const reply = (client, data, isBinary) => {
    if (client.readyState !== WebSocket.OPEN) return;
    client.send(data, { binary: isBinary });
    counts.answered += 1;
  };
  // One function for all connections, not one closure each: at 10,000 that is memory.
  /** @this {WebSocket} @param {import('ws').RawData} data @param {boolean} isBinary */
  function onMessage(data, isBinary) {
    counts.received += 1;
    if (delayMs > 0) setTimeout(reply, delayMs, this, data, isBinary);
    else reply(this, data, isBinary);
  }
  const onError = () => {
    counts.errors += 1;
  };
  const onClose = (/** @type {number} */ code) => {
    counts.open -= 1;
    counts.closed += 1;
    closeCodes[code] = (closeCodes[code] ?? 0) + 1;
  };
  const onOpen = (/** @type {WebSocket} */ client) => {
    counts.accepted += 1;
    counts.open += 1;
    counts.peakOpen = Math.max(counts.peakOpen, counts.open);
    client.on('message', onMessage);
    client.on('error', onError);
    client.on('close', onClose);
  };

  /** @type {Parameters<typeof listenForWebSockets>[0]['upgrade']} */
  const upgrade = (request, socket, head) => {
    const arrivedMs = performance.now() - listeningSince;
    if (counts.open >= maxConnections) {
      counts.refused += 1;
      socket.on('error', () => {});
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (arrivals) arrivalsMs.push(Math.round(arrivedMs * 1000) / 1000);
      onOpen(client);
    });
  };
  const listening = await listenForWebSockets({ host, port, what: 'a WebSocket echo server', stats, sockets, upgrade });
  listeningSince = performance.now();
  return { ...listening, stats };
}
