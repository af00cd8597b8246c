import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * @typedef {object} RealServer
 * @property {string} url `ws://127.0.0.1:40123/`
 * @property {number} port
 * @property {() => Counts | Promise<Counts>} counts What it counted by itself so far.
 * @property {() => Promise<void>} stop In order: its connections are closed, its folder is gone.
 * @property {() => void} [kill] Where it is a process of its own: ends that one as a crash would.
 */

/**
 * What a real server counted by its own hooks, log or statistics.
 *
 * @typedef {object} Counts
 * @property {number} logins That it let in.
 * @property {number} loginsRefused
 * @property {number} requests That it took and did not refuse, those without a reply too.
 * @property {number} refused That it answered with a refusal.
 * @property {number} deliveries Messages that it handed to a subscriber or to a member of a room.
 * @property {number} open Connections, now.
 */

/** @returns {Counts} */
export function noCounts() {
  return { logins: 0, loginsRefused: 0, requests: 0, refused: 0, deliveries: 0, open: 0 };
}

/**
 * A real server on Node's HTTP server, once it listens on a port of 127.0.0.1.
 *
 * @param {import('node:http').Server} http
 * @param {number} port 0 for a free one.
 * @param {Counts} counts
 * @param {() => unknown} end Ends its connections.
 * @param {string} [path]
 * @returns {Promise<RealServer>}
 */
export async function listening(http, port, counts, end, path = '/') {
  await once(http.listen(port, '127.0.0.1'), 'listening');
  const { port: taken } = /** @type {import('node:net').AddressInfo} */ (http.address());
  return {
    url: `ws://127.0.0.1:${taken}${path}`,
    port: taken,
    counts: () => counts,
    stop: async () => {
      await end();
      http.close();
      http.closeAllConnections();
    },
  };
}

/**
 * A main function that runs a real server until SIGTERM, SIGINT or the end of the process that forked it.
 *
 * Arguments: the port (0 for a free one) and options as JSON. Prints one line of JSON, `{"url", "port", "counts"}`, when it listens, where `counts` is an address
 * that answers GET with the counts, and the counts as one line of JSON at the end. Any message of the process that forked it is the word to crash.
 *
 * @param {(options: { port: number }) => Promise<RealServer>} start
 * @returns {(args: string[]) => Promise<number>}
 */
export function serving(start) {
  return async ([port = '0', options = '{}']) => {
    // Who reads it may be gone first, and the server must be stopped all the same.
    process.stdout.on('error', () => {});
    const stopped = [once(process, 'SIGTERM'), once(process, 'SIGINT')];
    if (process.channel) stopped.push(once(process, 'disconnect'));
    const server = await start({ port: Number(port), ...JSON.parse(options) });
    const control = createServer(async (_request, response) => response.end(JSON.stringify(await server.counts())));
    await once(control.listen(0, '127.0.0.1'), 'listening');
    const { port: controlPort } = /** @type {import('node:net').AddressInfo} */ (control.address());
    const about = { url: server.url, port: server.port, counts: `http://127.0.0.1:${controlPort}/counts` };
    process.on('message', () => {
      server.kill?.();
      process.kill(process.pid, 'SIGKILL');
    });
    process.stdout.write(`${JSON.stringify(about)}\n`);
    await Promise.race(stopped);
    const counts = await server.counts();
    control.close();
    control.closeAllConnections();
    await server.stop();
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    if (process.connected) process.disconnect();
    return 0;
  };
}
