import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/**
 * @typedef {object} Spoken A server of this folder, for one conversation of tests/e2e/conversations.
 * @property {string} url
 * @property {number} port
 * @property {() => Record<string, number>} counts What it did, by the server's own words; `handshakes`, `open` and `closed CODE` for each.
 * @property {(condition: (counts: Record<string, number>) => boolean) => Promise<void>} until Resolves when the counts satisfy it.
 * @property {() => Promise<void>} close Ends every connection and frees the port.
 */

/**
 * One connection, as a server of this folder sees it.
 *
 * @typedef {object} Peer
 * @property {number} place In the order of the handshakes, from 0.
 * @property {import('node:http').IncomingMessage} request The handshake.
 * @property {(data: string | Uint8Array) => void} send Nothing, once it is closed.
 * @property {(code: number, reason?: string) => void} end Closes it; what the client answers to that is not counted.
 * @property {(milliseconds: number, callback: () => void) => void} every Until its end.
 * @property {(milliseconds: number, callback: () => void) => void} after Unless it has ended.
 * @property {import('ws').WebSocket} socket
 */

/**
 * Serves WebSockets on a free port of 127.0.0.1 and counts.
 *
 * @param {(peer: Peer, tally: (what: string, by?: number) => void) => (data: Buffer, isBinary: boolean) => void} speak
 *   Called for each connection; what it returns, for each of its messages.
 * @param {object} [options]
 * @param {(offered: Set<string>) => string | false} [options.subprotocol]
 * @param {(headers: string[], request: import('node:http').IncomingMessage) => void} [options.headers] Adds to those of the 101 answer.
 * @param {() => boolean} [options.admits] Whether the next one may come in; who may not gets 503 and is counted as `refused`.
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse, tally: (what: string) => void) => void} [options.answers]
 *   Answers plain HTTP.
 * @returns {Promise<Spoken>}
 */
export async function serveSpoken(speak, { subprotocol, headers, admits, answers } = {}) {
  /** @type {Record<string, number>} */
  const counts = { handshakes: 0, open: 0 };
  /** @type {Set<() => void>} */
  const watchers = new Set();
  const tally = (what, by = 1) => {
    counts[what] = (counts[what] ?? 0) + by;
    for (const watcher of watchers) watcher();
  };
  const http = createServer();
  const sockets = new WebSocketServer({
    server: http,
    perMessageDeflate: false,
    ...(subprotocol && { handleProtocols: subprotocol }),
    ...(admits && {
      verifyClient: (_info, answer) => {
        const isAdmitted = admits();
        if (!isAdmitted) tally('refused');
        answer(isAdmitted, 503);
      },
    }),
  });
  if (answers) http.on('request', (request, response) => answers(request, response, tally));
  if (headers) sockets.on('headers', headers);
  sockets.on('connection', (socket, request) => {
    /** @type {NodeJS.Timeout[]} */
    const timers = [];
    let ended = false;
    const peer = {
      place: counts['handshakes'] ?? 0,
      request,
      socket,
      send: (data) => {
        if (!ended && socket.readyState === socket.OPEN) socket.send(data);
      },
      end: (code, reason) => {
        ended = true;
        socket.close(code, reason);
      },
      every: (milliseconds, callback) => timers.push(setInterval(callback, milliseconds)),
      after: (milliseconds, callback) => timers.push(setTimeout(callback, milliseconds)),
    };
    tally('handshakes');
    tally('open');
    const hear = speak(peer, tally);
    socket.on('message', (data, isBinary) => {
      if (!ended) hear(/** @type {Buffer} */ (data), isBinary);
    });
    // An error is followed by the close, which counts.
    socket.on('error', () => {});
    socket.on('close', (code) => {
      for (const timer of timers) clearTimeout(timer);
      tally('open', -1);
      if (!ended) tally(`closed ${code}`);
      ended = true;
    });
  });
  await once(http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (http.address());
  return {
    url: `ws://127.0.0.1:${port}/`,
    port,
    counts: () => ({ ...counts }),
    until: (condition) =>
      new Promise((resolve) => {
        const check = () => {
          if (!condition(counts)) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      http.close();
      http.closeAllConnections();
    },
  };
}
