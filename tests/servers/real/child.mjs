import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * A real server of this folder in a process of its own, which ends with this one however that ends.
 *
 * @param {string} name Of its file, such as `socket-io`.
 * @param {object} [options] Of its `start`; `port` 0 or left out takes a free one.
 * @returns {Promise<import('./serve.mjs').RealServer & { crash: () => Promise<void>, freeze: () => void }>} `stop` ends it in order, `crash` without a word to
 *   anybody; frozen, it keeps its connections and says nothing.
 */
export async function startChild(name, { port = 0, ...options } = {}) {
  const script = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const args = [String(port), JSON.stringify(options)];
  const child = fork(script, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) });
  const [first] = await Promise.race([once(lines, 'line'), exited]);
  if (typeof first !== 'string')
    throw new Error(`${name} ended with ${first} before it listened; its reason is above.`);
  const about = JSON.parse(first);
  let isFrozen = false;
  return {
    url: about.url,
    port: about.port,
    counts: async () => /** @type {import('./serve.mjs').Counts} */ (await (await fetch(about.counts)).json()),
    stop: async () => {
      if (isFrozen) child.kill('SIGCONT');
      if (child.connected) child.disconnect();
      await exited;
    },
    freeze: () => {
      isFrozen = true;
      child.kill('SIGSTOP');
    },
    crash: async () => {
      child.send('crash');
      await exited;
    },
  };
}
