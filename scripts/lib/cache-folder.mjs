import os from 'node:os';
import path from 'node:path';
import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';

const NAME = 'k6-websocket-concurrency';

/**
 * Where a fetched k6 is kept between runs: the platform's folder for caches, outside the repository, so that a fresh
 * clone finds it. `LOAD_TEST_CACHE` names another one.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @returns {string} An absolute path; the folder need not exist yet.
 * @throws {ExitError} With code 2 if LOAD_TEST_CACHE is relative: it would be another folder from every place.
 * @throws {Error} Saying what to set, if the user has no home folder and no variable names another.
 */
export function cacheFolder(env = process.env, platform = process.platform) {
  const given = env['LOAD_TEST_CACHE'];
  if (given) {
    if (path.isAbsolute(given)) return given;
    throw new ExitError(
      `LOAD_TEST_CACHE is "${given}" but has to be an absolute path, for example ${path.resolve(given)}.`,
      EXIT_BAD_INPUT,
    );
  }
  if (platform === 'win32') {
    return path.join(env['LOCALAPPDATA'] || path.join(homeFolder(), 'AppData', 'Local'), NAME, 'Cache');
  }
  if (platform === 'darwin') return path.join(homeFolder(), 'Library', 'Caches', NAME);
  const xdg = env['XDG_CACHE_HOME'];
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(homeFolder(), '.cache'), NAME);
}

function homeFolder() {
  try {
    return os.homedir();
  } catch {
    // A container's user without an entry in /etc/passwd, and HOME not set.
    throw new Error('this user has no home folder; set LOAD_TEST_CACHE to the absolute path of a folder');
  }
}
