import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { addLives } from './add-counts.mjs';
import { ExitError } from './exit-error.mjs';
import { ROOT } from './project.mjs';

const POLL_MS = 50;
const POLLS = 40;
/** A server that does not tell its counts within this is not going to. */
const ANSWER_MS = 5_000;

/**
 * @typedef {object} TargetProcess
 * @property {string} url `ws://127.0.0.1:40123/`
 * @property {number} pid Of the life it is in.
 * @property {() => Promise<import('./echo-server.mjs').Stats>} finalStats What it counted (a demo's server
 *   counts other things), once the last connection of a load generator that has ended is gone; after 2 s at most. Rejects
 *   with a sentence if the server has ended or does not answer. Over all lives, if it was restarted.
 * @property {(downMs: number) => Promise<void>} restart Kills it, and starts it again on its port after so many
 *   milliseconds. Rejects if it has ended by itself.
 * @property {() => Promise<void>} stop
 */

/**
 * A server in a process of its own, so that it does not share a core with whoever starts it. It listens on a free port
 * and ends with this process, however that ends.
 *
 * @param {string} [script] Below the project's folder: one that serves as serve-until-stopped.mjs does. Default: the echo server.
 * @param {string[]} [args] Beside `--port 0`.
 * @returns {Promise<TargetProcess>}
 * @throws {ExitError} With code 1 if it ends before it listens; it has said why.
 */
export async function startTargetProcess(script = 'scripts/target-server.mjs', args = []) {
  /** @type {import('./add-counts.mjs').Counts[]} */
  const past = [];
  let isStopped = false;
  let life = await startLife(script, args, 0);
  const { url } = life;
  return {
    url,
    get pid() {
      return /** @type {number} */ (life.child.pid);
    },
    finalStats: async () => {
      const stats = await finalStats(new URL('/stats', url.replace(/^ws/, 'http')), life.exited);
      return past.length === 0 ? stats : addLives([...past, stats]);
    },
    restart: async (downMs) => {
      const { child, lines, exited } = life;
      if (!child.connected) throw new Error('it had ended by itself.');
      // The line comes before the end, or never does.
      const counted = Promise.race([once(lines, 'line'), once(lines, 'close')]);
      child.send('crash', () => {});
      const [counts] = await counted;
      if (counts === undefined) throw new Error('it ended without telling what it had counted.');
      past.push(JSON.parse(counts));
      await exited;
      await delay(downMs);
      if (!isStopped) life = await startLife(script, args, Number(new URL(url).port));
    },
    stop: async () => {
      isStopped = true;
      const { child, exited } = life;
      if (child.connected) child.disconnect();
      const isGone = await Promise.race([exited, delay(ANSWER_MS, undefined, { ref: false })]);
      if (!isGone) child.kill('SIGKILL');
      await exited;
    },
  };
}

/**
 * @param {string} script
 * @param {string[]} args
 * @param {number} port 0: a free one.
 */
async function startLife(script, args, port) {
  const child = fork(path.join(ROOT, script), ['--port', String(port), ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) });
  const [first] = await Promise.race([once(lines, 'line'), exited]);
  const url = /^listening on (ws:\S+)$/.exec(String(first))?.[1];
  if (!url) throw new ExitError('The target server did not start.', 1);
  return { child, lines, exited, url };
}

/**
 * @param {URL} url
 * @param {Promise<any[]>} exited Resolves with exit code and signal.
 * @returns {Promise<any>}
 */
async function finalStats(url, exited) {
  try {
    return await countsOf(url);
  } catch (error) {
    // A connection is refused a moment before the end of the process is known.
    const [code, signal] = (await Promise.race([exited, delay(ANSWER_MS, undefined, { ref: false })])) ?? [];
    const how = signal ? `by ${signal}` : `with exit code ${code}`;
    throw new Error(
      code === undefined
        ? 'The target server no longer answers, so what it counted is not known.'
        : `The target server ended during the run, ${how}: what it counted is lost, and the failures since then are its own.`,
      { cause: error },
    );
  }
}

/**
 * @param {URL} url
 * @returns {Promise<any>}
 */
async function countsOf(url) {
  /** @type {any} */
  let stats;
  for (let poll = 0; poll < POLLS; poll += 1) {
    stats = await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).json();
    if (stats.open === 0) break;
    await delay(POLL_MS);
  }
  return stats;
}
