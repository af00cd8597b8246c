import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {'serve' | 'refuse' | 'hang' | 'throwOut'} Mode refuse: 503 to each handshake; hang: accepts TCP and says nothing;
 * throwOut: logs in and closes with 1013 at once.
 */

/**
 * A server that can be killed and started again on its port, with a login that hands out a token to resume with. What it
 * did is counted here, over all its lives.
 *
 * @param {object} [options]
 * @param {number} [options.dropShare] Of the requests, that it answers with a reset of the connection.
 */
export async function startSessions({ dropShare = 0 } = {}) {
  /** @type {Record<string, number>} */
  const counts = {};
  /** @type {Record<string, number[]>} */
  const times = {};
  /** @type {Set<() => void>} */
  const watchers = new Set();
  let port = 0;
  let life = 0;
  /** @type {import('node:child_process').ChildProcess | null} */
  let child = null;

  /** @param {Mode} [mode] */
  async function start(mode = 'serve') {
    life += 1;
    const options = JSON.stringify({ port, life, mode, dropShare });
    const started = fork(fileURLToPath(new URL('sessions-child.mjs', import.meta.url)), [options], { execArgv: [] });
    child = started;
    const [first] = await once(started, 'message');
    port = first.port;
    started.on('message', (/** @type {{ what: string, at: number }} */ { what, at }) => {
      counts[what] = (counts[what] ?? 0) + 1;
      times[what] ??= [];
      times[what].push(at);
      for (const watcher of watchers) watcher();
    });
  }

  /** SIGKILL: the kernel resets all connections. Resolves when all that it told has been counted. */
  async function kill() {
    if (child === null) return;
    const ended = once(child, 'close');
    const gone = once(child, 'disconnect');
    child.kill('SIGKILL');
    await Promise.all([ended, gone]);
    child = null;
  }

  await start();
  return {
    port,
    url: `ws://127.0.0.1:${port}/`,
    start,
    kill,
    /** @param {string} what */
    count: (what) => counts[what] ?? 0,
    /** In ms since the epoch, in order. @param {string} what */
    times: (what) => [...(times[what] ?? [])],
    /** Resolves when this has happened so often. @param {string} what @param {number} often */
    until: (what, often) =>
      /** @type {Promise<void>} */ (
        new Promise((resolve) => {
          const check = () => {
            if ((counts[what] ?? 0) < often) return;
            watchers.delete(check);
            resolve();
          };
          watchers.add(check);
          check();
        })
      ),
  };
}
