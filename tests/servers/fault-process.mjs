import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { noCounts } from './counts.mjs';
import { watched } from './watched.mjs';

/**
 * The fault server in a process of its own, which can be killed or frozen while it holds connections. It ends with
 * the test process.
 *
 * @param {import('./behaviour.mjs').Behaviour[]} script What the n-th connection gets; repeated.
 */
export async function forkFaultServer(script) {
  const child = fork(fileURLToPath(new URL('fault-child.mjs', import.meta.url)), [JSON.stringify(script)]);
  const exited = once(child, 'exit');
  let counts = noCounts();
  const { changed, until } = watched(() => counts);
  const [{ port }] = /** @type {[{ port: number }]} */ (await once(child, 'message'));
  child.on('message', (/** @type {import('./counts.mjs').Counts} */ message) => {
    counts = message;
    changed();
  });

  return {
    port,
    url: `ws://127.0.0.1:${port}/`,
    /** The counts as the process last sent them: upon each change, so they outlive it. */
    counts: () => counts,
    until,
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
