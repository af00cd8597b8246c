// A small WebSocket echo server that counts what it accepted, received and answered, so that a load test has something
// to be compared with. `node scripts/target-server.mjs --help` lists the options.
//
// Prints `listening on ws://127.0.0.1:PORT/` on stdout, and its counts as one line of JSON when it is stopped by
// SIGINT or SIGTERM. The same counts at any time, and the arrivals if kept: http://127.0.0.1:PORT/stats
// Its memory, CPU, open files and the lag of its event loop, as Prometheus text: http://127.0.0.1:PORT/metrics
//
// Started with an IPC channel (child_process.fork), it stops when the channel closes, so that it never outlives its
// parent, and leaves Ctrl-C, which a terminal sends to the whole group, to the parent.
//
// Exit codes: 0 stopped by signal, 1 cannot listen, 2 bad options.
import { startTargetServer } from './lib/echo-server.mjs';
import { ExitError, runAsScript } from './lib/exit-error.mjs';
import { openFileLimit } from './lib/open-files.mjs';
import { describeOptions, parseOptions } from './lib/options.mjs';
import { serveUntilStopped } from './lib/serve-until-stopped.mjs';

export { startTargetServer };

/** @type {Record<string, import('./lib/options.mjs').Option>} */
const OPTIONS = {
  port: { kind: 'number', max: 65535, default: 8081, help: 'Port to listen on; 0 takes a free one.' },
  host: { kind: 'text', default: '127.0.0.1', placeholder: 'address', help: 'Address to listen on; 0.0.0.0 is all.' },
  max: { kind: 'number', min: 1, max: 1_000_000, help: 'Connections at one time; more are answered with 503.' },
  delay: { kind: 'number', max: 3_600_000, default: 0, placeholder: 'ms', help: 'Milliseconds before each reply.' },
  subprotocol: { kind: 'text', placeholder: 'name', help: 'The only sub-protocol to agree to, instead of the first.' },
  arrivals: { kind: 'flag', help: 'Keep when each connection arrived: arrivalsMs in /stats.' },
  compression: { kind: 'flag', help: 'Agree to permessage-deflate.' },
  help: { kind: 'flag', help: 'Print this.' },
};
const EXAMPLE = 'node scripts/target-server.mjs --port 8081 --delay 100';
/** Connections that the server is meant for when no --max says otherwise. */
const EXPECTED_CONNECTIONS = 10_000;
/** Files that Node itself, the listening socket and some calls of /stats take. */
const SPARE_FILES = 100;

/** @param {string[]} args */
async function main(args) {
  const given = parseOptions(args, OPTIONS, EXAMPLE);
  if (given.help) {
    process.stdout.write(`Usage: node scripts/target-server.mjs [options]\n${describeOptions(OPTIONS)}\n`);
    return 0;
  }
  warnOfFewFiles(given.max ?? EXPECTED_CONNECTIONS);
  const server = await listen(given);
  const stats = () => {
    const { arrivalsMs, ...counts } = server.stats();
    return counts;
  };
  await serveUntilStopped({ ...server, stats });
  return 0;
}

/** @param {Record<string, any>} given */
async function listen({ host, port, compression, arrivals, delay, max, subprotocol }) {
  try {
    return await startTargetServer({
      host,
      port,
      compression,
      arrivals,
      delayMs: delay,
      maxConnections: max,
      subprotocol,
    });
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === undefined) throw error;
    const why = code === 'EADDRINUSE' ? 'another program listens there; --port 0 takes a free one' : message;
    throw new ExitError(`Cannot listen on ${host} port ${port}: ${why}.`, 1);
  }
}

/** @param {number} connections */
function warnOfFewFiles(connections) {
  const limit = openFileLimit();
  if (limit >= connections + SPARE_FILES) return;
  process.stderr.write(
    `Warning: this process may open ${limit} files, too few for ${connections} connections; raise the limit first, for example: ulimit -n 65536\n`,
  );
}

await runAsScript(import.meta.url, main);
