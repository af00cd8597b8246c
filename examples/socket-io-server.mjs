// The socket.io server that examples/socket-io.ts talks to: socket.io itself, which is among the packages for development.
// `node examples/socket-io-server.mjs --help` lists the options. Whoever logs in with a token of the users' file may emit
//
//   echo, with a text       acknowledged with {"status":"ok","said":text}
//   join, with a room       acknowledged with {"status":"ok"}
//   say, with room and text the event `said` to all in the room; refused {"status":"error","reason":"not in the room"}
//
// It counts by its own hooks, so that a load test has something to be compared with: http://127.0.0.1:PORT/stats, and one
// line of JSON when it is stopped.
//
// Exit codes: 0 stopped by signal, 1 cannot listen, 2 bad options.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { ExitError, runAsScript } from '../scripts/lib/exit-error.mjs';
import { describeOptions, parseOptions } from '../scripts/lib/options.mjs';
import { serveUntilStopped } from '../scripts/lib/serve-until-stopped.mjs';
import { tellsItself } from '../scripts/lib/websocket-server.mjs';
import { readUsers } from './chat-server.mjs';

/** @type {Record<string, import('../scripts/lib/options.mjs').Option>} */
const OPTIONS = {
  port: { kind: 'number', max: 65535, default: 8083, help: 'Port to listen on; 0 takes a free one.' },
  users: {
    kind: 'text',
    default: fileURLToPath(new URL('users.csv', import.meta.url)),
    placeholder: 'file',
    help: 'CSV file with the columns user and token.',
  },
  help: { kind: 'flag', help: 'Print this.' },
};
const EXAMPLE = 'node examples/socket-io-server.mjs --port 8083 --users examples/users.csv';
/** The kernel's queue of connections not yet accepted; a batch of a ramp arrives faster than one event loop takes it. */
const LISTEN_BACKLOG = 8192;

/**
 * @typedef {object} Stats
 * @property {number} logins
 * @property {number} open Logged in and not gone, now.
 * @property {number} peakOpen
 * @property {number} joins
 * @property {number} echoes
 * @property {number} messages Said to a room.
 * @property {number} deliveries Copies of them sent, the sender's own among them.
 * @property {Record<string, number>} refused Logins and messages, by reason.
 */

/**
 * @param {object} options
 * @param {ReadonlyMap<string, string>} options.users User by token.
 * @param {number} [options.port] Default 0: a free one.
 * @returns {Promise<{ url: string, port: number, stats: () => Stats, close: () => Promise<void> }>}
 */
export async function startSocketIoServer({ users, port = 0 }) {
  const counts = { logins: 0, open: 0, peakOpen: 0, joins: 0, echoes: 0, messages: 0, deliveries: 0 };
  /** @type {Record<string, number>} */
  const refused = {};
  const stats = () => ({ ...counts, refused: { ...refused } });
  const refuse = (/** @type {string} */ reason) => {
    refused[reason] = (refused[reason] ?? 0) + 1;
    return reason;
  };

  const http = createServer(tellsItself('a socket.io server for load tests', stats));
  const io = new Server(http, { serveClient: false, transports: ['websocket'] });
  io.use((socket, next) => {
    if (users.has(socket.handshake.auth['token'])) next();
    else next(new Error(refuse('unauthorized')));
  });
  io.on('connection', (socket) => {
    counts.logins += 1;
    counts.open += 1;
    counts.peakOpen = Math.max(counts.peakOpen, counts.open);
    socket.on('disconnect', () => {
      counts.open -= 1;
    });
    socket.on('echo', (said, acknowledge) => {
      counts.echoes += 1;
      acknowledge?.({ status: 'ok', said });
    });
    socket.on('join', (room, acknowledge) => {
      counts.joins += 1;
      socket.join(room);
      acknowledge?.({ status: 'ok' });
    });
    socket.on('say', (room, text, acknowledge) => {
      if (!socket.rooms.has(room)) return acknowledge?.({ status: 'error', reason: refuse('not in the room') });
      counts.messages += 1;
      counts.deliveries += io.of('/').adapter.rooms.get(room)?.size ?? 0;
      io.to(room).emit('said', { room, text });
      acknowledge?.({ status: 'ok' });
    });
  });
  await once(http.listen({ host: '127.0.0.1', port, backlog: LISTEN_BACKLOG }), 'listening');
  const { port: taken } = /** @type {import('node:net').AddressInfo} */ (http.address());
  return { url: `ws://127.0.0.1:${taken}/`, port: taken, stats, close: () => io.close() };
}

/** @param {string[]} args */
async function main(args) {
  const given = parseOptions(args, OPTIONS, EXAMPLE);
  if (given.help) {
    process.stdout.write(`Usage: node examples/socket-io-server.mjs [options]\n${describeOptions(OPTIONS)}\n`);
    return 0;
  }
  const users = readUsers(given.users);
  const server = await startSocketIoServer({ users, port: given.port }).catch((error) => {
    throw new ExitError(`Cannot listen on port ${given.port}: ${error.message}.`, 1);
  });
  await serveUntilStopped(server);
  return 0;
}

await runAsScript(import.meta.url, main);
