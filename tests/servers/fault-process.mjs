import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { noCounts } from './counts.mjs';

/**
 * The fault server in a process of its own, which can be killed or frozen while it holds connections. It ends with
 * the test process.
 *
 * @param {import('./behaviour.mjs').Behaviour[]} script What the n-th connection gets; repeated.
 */
export async function forkFaultServer(script) {
  const child = fork(fileURLToPath(new URL('fault-child.mjs', import.meta.url)), [JSON.stringify(script)]);
  const exited = once(child, 'exit');
  /** @type {Set<() => void>} */
  const watchers = new Set();
  let counts = noCounts();
  const [{ port }] = /** @type {[{ port: number }]} */ (await once(child, 'message'));
  child.on('message', (/** @type {import('./counts.mjs').Counts} */ message) => {
    counts = message;
    for (const watcher of watchers) watcher();
  });

  return {
    port,
    url: `ws://127.0.0.1:${port}/`,
    /** The counts as the process last sent them: upon each change, so they outlive it. */
    counts: () => counts,
    /**
     * Resolves as soon as the counts satisfy the condition; the test's own timeout bounds it.
     *
     * @param {(counts: import('./counts.mjs').Counts) => boolean} condition
     * @returns {Promise<void>}
     */
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
    /** SIGKILL: the kernel closes all connections at once, without close frames. */
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    /** SIGSTOP: connections stay, nothing is answered, new ones are accepted by the kernel alone. */
    freeze: () => child.kill('SIGSTOP'),
    /** SIGCONT. */
    thaw: () => child.kill('SIGCONT'),
  };
}
