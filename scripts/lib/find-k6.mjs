import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cache-folder.mjs';
import { capture } from './capture.mjs';
import { ExitError } from './exit-error.mjs';
import { buildWithGo } from './k6-build.mjs';
import { fetchRelease } from './k6-release.mjs';
import { FALLBACK_K6, isNewEnough, OLDEST_K6, PINNED_K6, parseK6Version } from './k6-version.mjs';
import { makeFolder } from './make-folder.mjs';
import { NothingThere } from './nothing-there.mjs';
import { onPath } from './on-path.mjs';
import { retryWhileBusy } from './retry-while-busy.mjs';
import { say } from './say.mjs';

/** As a shell answers for a command it does not find. */
export const EXIT_NO_K6 = 127;
const INSTALL_PAGE = 'https://grafana.com/docs/k6/latest/set-up/install-k6/';
const VERSION_TIMEOUT_MS = 20_000;
/** A working folder this old belongs to a fetch that was killed. */
const LEFTOVER_AGE_MS = 6 * 3_600_000;
const WORK_PREFIX = 'fetching-';
/** On Windows a program that a virus scanner looks at cannot be removed for a while. */
const REMOVE = { recursive: true, force: true, maxRetries: 5, retryDelay: 200 };

/**
 * @typedef {object} K6
 * @property {string} path Of the program.
 * @property {string} version `2.2.0`
 */

/**
 * A k6 that is new enough: the one on PATH, else the one in the cache, else the official release, else one built with
 * Go. What was downloaded or built is in the cache the next time. Says what it does where that takes long.
 *
 * @param {NodeJS.ProcessEnv} [env] Reads PATH, LOAD_TEST_CACHE, LOAD_TEST_K6_RELEASES and the platform's cache variable.
 * @returns {Promise<K6>}
 * @throws {ExitError} With code 127, naming all that was tried and why it failed; with code 2 for a bad variable.
 */
export async function findK6(env = process.env) {
  const failures = [];
  for (const [source, attempt] of sources(env)) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof ExitError) throw error;
      const reason = /** @type {Error} */ (error).message;
      failures.push(`  ${source}: ${reason}`);
      if (!(error instanceof NothingThere)) say(`No k6 from ${source}: ${reason}.`);
    }
  }
  throw new ExitError(
    `No k6 could be found or fetched. Tried in this order:\n${failures.join('\n')}\n` +
      `Install k6 v${OLDEST_K6} or newer so that it is on PATH: ${INSTALL_PAGE}`,
    EXIT_NO_K6,
  );
}

/**
 * The k6 of just this version: the one in the cache, else the official release, else one built with Go.
 *
 * @param {string} version `1.8.1`
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<K6>}
 * @throws {Error} Saying why the last of them failed.
 */
export async function k6OfVersion(version, env = process.env) {
  const cache = cacheFolder(env);
  return fromCache(cache, [version])
    .catch(() => intoCache(cache, version, (folder) => fetchRelease(version, folder, env)))
    .catch(() => intoCache(cache, version, (folder) => buildWithGo(version, folder, env)));
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, () => Promise<K6>][]}
 */
function sources(env) {
  const onThePath = /** @type {[string, () => Promise<K6>]} */ (['PATH', () => fromPath(env)]);
  /** @type {string} */
  let cache;
  try {
    cache = cacheFolder(env);
  } catch (error) {
    if (error instanceof ExitError) throw error;
    // A k6 on PATH needs no cache.
    return [onThePath, ['cache, download and build', () => Promise.reject(error)]];
  }
  return [
    onThePath,
    [`the cache in ${cache}`, () => fromCache(cache, [PINNED_K6, FALLBACK_K6])],
    ['download', () => intoCache(cache, PINNED_K6, (folder) => fetchRelease(PINNED_K6, folder, env))],
    [`a Go build of v${PINNED_K6}`, () => intoCache(cache, PINNED_K6, (folder) => buildWithGo(PINNED_K6, folder, env))],
    [
      `a Go build of v${FALLBACK_K6}`,
      () => intoCache(cache, FALLBACK_K6, (folder) => buildWithGo(FALLBACK_K6, folder, env)),
    ],
  ];
}

/** @param {NodeJS.ProcessEnv} env */
async function fromPath(env) {
  const program = onPath('k6', env);
  if (!program) throw new NothingThere('there is none');
  const version = await versionOf(program);
  if (!isNewEnough(version)) throw new Error(`${program} is v${version}, older than v${OLDEST_K6}`);
  return { path: program, version };
}

/**
 * @param {string} cache
 * @param {string[]} versions
 */
async function fromCache(cache, versions) {
  for (const version of versions) {
    const program = cachedProgram(cache, version);
    if (!(await exists(program))) continue;
    try {
      return { path: program, version: await versionOf(program) };
    } catch (error) {
      // A disk that was full, a file cut short: fetching again is the repair.
      say(`Removing what is in the cache: ${/** @type {Error} */ (error).message}.`);
      await rm(path.dirname(program), REMOVE);
    }
  }
  throw new NothingThere('it holds none');
}

/**
 * Gets a k6 in a working folder and moves it into the cache in one step: several processes may do this at the same
 * time, and none ever sees half a file.
 *
 * @param {string} cache
 * @param {string} version
 * @param {(folder: string) => Promise<string>} get
 * @returns {Promise<K6>}
 */
async function intoCache(cache, version, get) {
  await makeFolder(cache);
  await removeLeftovers(cache);
  const work = await mkdtemp(path.join(cache, WORK_PREFIX));
  try {
    const program = await get(work);
    const got = await versionOf(program);
    const target = cachedProgram(cache, version);
    const ready = path.join(work, 'ready');
    await mkdir(ready);
    await retryWhileBusy(() => rename(program, path.join(ready, path.basename(target))));
    // Another process may be faster, and its copy is as good.
    const moveUnlessThere = async () => {
      if (!(await exists(target))) await rename(ready, path.dirname(target));
    };
    try {
      await retryWhileBusy(moveUnlessThere);
    } catch (error) {
      if (!(await exists(target))) throw error;
    }
    return { path: target, version: got };
  } finally {
    // What is still in use is a leftover for the next time.
    await rm(work, REMOVE).catch(() => {});
  }
}

/**
 * One folder per version and machine, since a home folder may be shared between machines. The program in it keeps its
 * name, because k6 calls itself in its output what its file is called.
 *
 * @param {string} cache
 * @param {string} version
 */
function cachedProgram(cache, version) {
  const program = process.platform === 'win32' ? 'k6.exe' : 'k6';
  return path.join(cache, `k6-v${version}-${process.platform}-${process.arch}`, program);
}

/** @param {string} cache */
async function removeLeftovers(cache) {
  for (const name of (await readdir(cache)).filter((entry) => entry.startsWith(WORK_PREFIX))) {
    const folder = path.join(cache, name);
    const age = Date.now() - ((await stat(folder).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > LEFTOVER_AGE_MS) await rm(folder, REMOVE).catch(() => {});
  }
}

/** @param {string} program */
async function versionOf(program) {
  const ask = () => capture(program, ['version'], { timeoutMs: VERSION_TIMEOUT_MS });
  const { code, stdout, stderr } = await retryWhileBusy(ask).catch((error) => ({
    code: null,
    stdout: '',
    stderr: error.message,
  }));
  const version = parseK6Version(stdout);
  if (code === 0 && version) return version;
  const printed = (stdout + stderr).trim().split('\n')[0] || 'nothing';
  throw new Error(`"${program} version" does not answer like k6, it printed: ${printed}`);
}

/** @param {string} file */
async function exists(file) {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
