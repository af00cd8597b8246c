import { setTimeout as delay } from 'node:timers/promises';

/** What Windows answers while a virus scanner holds a program that was just written. */
const BUSY = ['EBUSY', 'EPERM', 'EACCES'];
/** About 6 s in all: a scanner is done in one or two. */
const WAITS_MS = [100, 200, 400, 800, 1600, 3200];

/**
 * Does something with a fresh file, and again after a while where Windows says that the file is in use. Elsewhere these
 * errors do not go away, and are thrown at once.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @param {{ platform?: NodeJS.Platform, wait?: (ms: number) => Promise<unknown> }} [options] For tests.
 * @returns {Promise<T>}
 * @throws {Error} What the last try threw.
 */
export async function retryWhileBusy(work, { platform = process.platform, wait = delay } = {}) {
  for (const ms of platform === 'win32' ? WAITS_MS : []) {
    try {
      return await work();
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === undefined || !BUSY.includes(code)) throw error;
      await wait(ms);
    }
  }
  return work();
}
