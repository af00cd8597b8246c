import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Guard
 * @property {(pid: number) => void} watch
 * @property {(pid: number) => void} release It has ended.
 */

/**
 * Starts a small process that ends the ones it watches as soon as this one is gone, however that happened: a handler of
 * this process's own would not run when it is killed.
 *
 * @param {string | undefined} folder Is removed then, too.
 * @returns {Promise<Guard>} Once it is there.
 */
export async function startGuard(folder) {
  const script = fileURLToPath(new URL('guard-process.mjs', import.meta.url));
  // Out of the group, which a terminal or a supervisor may end as a whole.
  const options = /** @type {import('node:child_process').ForkOptions} */ ({
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
    windowsHide: true,
  });
  const child = fork(script, folder === undefined ? [] : [folder], options);
  // A channel that closes before its first message is read says nothing. Without a guard the run is as good: this process
  // itself ends what it started.
  await Promise.race([once(child, 'message'), once(child, 'exit')]).catch(() => {});
  child.on('error', () => {});
  child.unref();
  child.channel?.unref();
  const tell = (/** @type {object} */ message) => {
    if (child.connected) child.send(message, () => {});
  };
  return { watch: (pid) => tell({ watch: pid }), release: (pid) => tell({ release: pid }) };
}
