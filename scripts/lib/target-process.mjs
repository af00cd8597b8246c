import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ExitError } from './exit-error.mjs';
import { ROOT } from './project.mjs';

const POLL_MS = 50;
const POLLS = 40;

/**
 * @typedef {object} TargetProcess
 * @property {string} url `ws://127.0.0.1:40123/`
 * @property {() => Promise<import('./echo-server.mjs').Stats>} finalStats What it counted, once the last connection of a
 *   load generator that has ended is gone; after 2 s at most.
 * @property {() => Promise<void>} stop
 */

/**
 * The target server in a process of its own, so that it does not share a core with whoever starts it. It listens on a
 * free port and ends with this process, however that ends.
 *
 * @returns {Promise<TargetProcess>}
 * @throws {ExitError} With code 1 if it ends before it listens; it has said why.
 */
export async function startTargetProcess() {
  const script = path.join(ROOT, 'scripts', 'target-server.mjs');
  const child = fork(script, ['--port', '0'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) });
  const [first] = await Promise.race([once(lines, 'line'), exited]);
  const url = /^listening on (ws:\S+)$/.exec(String(first))?.[1];
  if (!url) throw new ExitError('The target server did not start.', 1);
  return {
    url,
    finalStats: () => finalStats(new URL('/stats', url.replace(/^ws/, 'http'))),
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/**
 * @param {URL} url
 * @returns {Promise<import('./echo-server.mjs').Stats>}
 */
async function finalStats(url) {
  let stats;
  for (let poll = 0; poll < POLLS; poll += 1) {
    stats = await (await fetch(url)).json();
    if (stats.open === 0) break;
    await delay(POLL_MS);
  }
  return stats;
}
