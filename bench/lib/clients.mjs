import path from 'node:path';
import { artilleryConfig } from './artillery-config.mjs';
import { tsungConfig } from './tsung-config.mjs';

/**
 * @typedef {object} Load
 * @property {string} url
 * @property {number} connections
 * @property {number} holdSeconds
 * @property {number} intervalSeconds
 */

/**
 * A program with its arguments, and the files that it reads.
 *
 * @typedef {object} Command
 * @property {string} program
 * @property {string[]} args
 * @property {Record<string, string>} [files] Text by name, in `folder`.
 * @property {Record<string, string>} [env] Beside the environment.
 */

/**
 * @typedef {object} Client
 * @property {string} name
 * @property {string} description
 * @property {string | null} floor What it is compared with.
 * @property {'k6' | 'tsung' | 'artillery'} needs The program that must be there.
 * @property {string} [script] Below the project's folder; it must be there too.
 * @property {string} [server] Below the project's folder; default the echo server.
 * @property {(program: string, load: Load, folder: string) => Command} command
 */

/** Batches of 100, 50 ms apart, in all clients. */
const CONNECTIONS_PER_SECOND = 2_000;

/** @type {readonly Client[]} */
export const CLIENTS = [
  k6Client('concurrent', "this package over k6/ws, a connection's VU each", 'floor-ws', 'dist/concurrent.js'),
  k6Client(
    'concurrent-gogc',
    'the same with GOGC=50 and GOMEMLIMIT=1780MiB, as `npm start` runs it',
    'floor-ws',
    'dist/concurrent.js',
    {
      env: { GOGC: '50', GOMEMLIMIT: '1780MiB' },
    },
  ),
  k6Client('concurrent-chat', 'a JSON chat with login, 10,000 users', 'concurrent', 'dist/concurrent.js', {
    conversation: 'bench/json-chat.ts',
  }),
  k6Client('plain', 'a k6 script after the documentation', 'floor-ws', 'bench/plain.js'),
  k6Client('floor-ws', 'the same connections over k6/ws, nothing measured', null, 'bench/floor-ws.js'),
  k6Client('multiplexed', 'this package over k6/websockets', 'floor-websockets', 'dist/multiplexed.js'),
  k6Client('multiplexed-chat', 'a JSON chat with login, 10,000 users', 'multiplexed', 'dist/multiplexed.js', {
    conversation: 'bench/json-chat.ts',
  }),
  k6Client('multiplexed-socket-io', 'socket.io, its server acknowledging', 'multiplexed', 'dist/multiplexed.js', {
    conversation: 'bench/socket-io.ts',
    server: 'examples/socket-io-server.mjs',
  }),
  k6Client(
    'floor-websockets',
    'the same connections over k6/websockets, nothing measured',
    null,
    'bench/floor-websockets.js',
  ),
  {
    name: 'tsung',
    description: 'tsung, replies read',
    floor: 'floor-websockets',
    needs: 'tsung',
    command: (program, load, folder) => ({
      program,
      args: ['-f', path.join(folder, 'tsung.xml'), '-l', path.join(folder, 'log'), 'start'],
      files: { 'tsung.xml': tsungConfig({ ...timesOf(load), ...load, port: Number(new URL(load.url).port) }) },
    }),
  },
  {
    name: 'artillery',
    description: "Artillery's `ws` engine, replies matched by id, not timed",
    floor: 'floor-websockets',
    needs: 'artillery',
    command: (program, load, folder) => ({
      program,
      args: ['run', '--quiet', path.join(folder, 'artillery.json')],
      files: { 'artillery.json': artilleryConfig({ ...timesOf(load), ...load }) },
    }),
  },
];

/**
 * Length of the ramp and of a connection's life.
 *
 * @param {Pick<Load, 'connections' | 'holdSeconds'>} load
 */
export function timesOf({ connections, holdSeconds }) {
  const rampSeconds = connections / CONNECTIONS_PER_SECOND;
  return { rampSeconds, lifeSeconds: rampSeconds + holdSeconds };
}

/**
 * The scenarios of another build of this package, to be compared with: its folder has a dist/.
 *
 * @param {string} folder
 * @returns {Client[]}
 */
export function baselineClients(folder) {
  return ['concurrent', 'multiplexed'].map((scenario) =>
    k6Client(
      `${scenario}-baseline`,
      `${scenario} of the baseline`,
      scenario,
      path.join(folder, 'dist', `${scenario}.js`),
    ),
  );
}

/**
 * @param {string} name
 * @param {string} description
 * @param {string | null} floor
 * @param {string} script
 * @param {{ conversation?: string, server?: string, env?: Record<string, string> }} [options] conversation: below the
 *   project's folder; it gets a user for each connection, where the server does not bring its own.
 * @returns {Client}
 */
function k6Client(name, description, floor, script, { conversation, server, env } = {}) {
  const makesUsers = conversation !== undefined && server === undefined;
  return {
    name,
    description,
    floor,
    needs: 'k6',
    script,
    ...(server && { server }),
    command: (program, { url, connections, holdSeconds, intervalSeconds }, folder) => {
      // The scripts of the package take the first, those of bench/ the others.
      const settings = {
        WS_URL: url,
        WS_CONNECTIONS: connections,
        WS_HOLD: `${holdSeconds}s`,
        WS_MESSAGE_INTERVAL: `${intervalSeconds}s`,
        ...(conversation && {
          WS_CONVERSATION: path.resolve(conversation),
          WS_USERS: makesUsers ? path.join(folder, 'users.csv') : path.resolve('examples/users.csv'),
        }),
      };
      const load = {
        BENCH_URL: url,
        BENCH_CONNECTIONS: connections,
        BENCH_HOLD_MS: holdSeconds * 1000,
        BENCH_INTERVAL_MS: intervalSeconds * 1000,
      };
      const given = Object.entries(script.startsWith('bench/') ? load : settings);
      return {
        program,
        args: ['run', '--quiet', ...given.flatMap(([setting, value]) => ['-e', `${setting}=${value}`]), script],
        ...(makesUsers && { files: { 'users.csv': usersOf(connections) } }),
        ...(env && { env }),
      };
    },
  };
}

/** @param {number} count */
function usersOf(count) {
  return `user,token\n${Array.from({ length: count }, (_, i) => `user-${i},token-of-user-${i}`).join('\n')}\n`;
}
