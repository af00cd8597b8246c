import { lstat, mkdtemp, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';
import { makeFolder } from './make-folder.mjs';
import { START } from './project.mjs';

/** k6 said 0, but the files that were asked for are not there. */
export const EXIT_NO_RESULTS = 4;

/**
 * Makes the folder for the results, and tries whether files can be made in it: k6 would find out at the end only.
 *
 * @param {string} folder Absolute.
 * @param {number} [processes] From 2 on each has a folder in it.
 * @returns {Promise<() => Promise<string | undefined>>} To be asked when k6 has ended: what is missing, as a sentence;
 *   undefined if k6 wrote summary.json.
 * @throws {ExitError} With code 2 and the reason.
 */
export async function openResultsFolder(folder, processes = 1) {
  const example = `Example: ${START} -e WS_RESULTS_DIR=results`;
  const problem = await problemOf(folder);
  if (problem !== undefined) {
    throw new ExitError(
      `WS_RESULTS_DIR=${folder}: expected a folder that is there or can be made, and that can be written (${problem}). ${example}`,
      EXIT_BAD_INPUT,
    );
  }
  for (let number = 1; processes > 1 && number <= processes; number += 1) {
    const name = `process-${number}`;
    const isThere = await lstat(path.join(folder, name)).catch(() => undefined);
    const ofProcess = isThere && (await problemOf(path.join(folder, name)));
    if (ofProcess !== undefined) {
      throw new ExitError(
        `WS_RESULTS_DIR=${folder}: expected ${name} in it, for the results of that process, to be a folder that can be written, or not to be there (${ofProcess}). ${example}`,
        EXIT_BAD_INPUT,
      );
    }
  }
  const file = path.join(folder, 'summary.json');
  // One of an earlier run may be there: it is not this run's.
  const before = await stateOf(file);
  return async () => {
    const after = await stateOf(file);
    if (after !== undefined && after !== before) return undefined;
    return `NO RESULTS: k6 wrote no summary.json into ${folder} (WS_RESULTS_DIR)${after === undefined ? '' : '; the one there is of an earlier run'}.`;
  };
}

/**
 * @param {string} folder Is made if it is not there.
 * @returns {Promise<string | undefined>} Why no files can be made in it, as the system has it: ENOTDIR.
 */
async function problemOf(folder) {
  try {
    await makeFolder(folder);
    await rmdir(await mkdtemp(path.join(folder, '.can-write-')));
    return undefined;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code ?? String(error);
  }
}

/** @param {string} file */
async function stateOf(file) {
  const state = await stat(file, { bigint: true }).catch(() => undefined);
  return state && `${state.ino} ${state.size} ${state.mtimeNs}`;
}
