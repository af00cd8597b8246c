import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Folders nested deeper than this are not searched. */
const MAX_DEPTH = 6;

/**
 * The runs that a path names: the file itself; a results folder's summary.json; or, where a folder has none of its own, those
 * of the folders in it.
 *
 * @param {string} given
 * @returns {Promise<string[]>} Files, in the order of their names.
 * @throws {Error} If there is none.
 */
export async function runsIn(given) {
  const state = await stat(given).catch(() => undefined);
  if (state === undefined) {
    throw new Error(`${given} is not there: expected a results folder, or a summary.json of one`);
  }
  if (!state.isDirectory()) return [given];
  const found = await below(given, 0);
  if (found.length === 0) throw new Error(`${given} holds no summary.json`);
  return found;
}

/**
 * @param {string} folder
 * @param {number} depth
 * @returns {Promise<string[]>}
 */
async function below(folder, depth) {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.name === 'summary.json' && !entry.isDirectory())) {
    return [path.join(folder, 'summary.json')];
  }
  if (depth === MAX_DEPTH) return [];
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  // 10 comes after 9.
  names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return (await Promise.all(names.map((name) => below(path.join(folder, name), depth + 1)))).flat();
}
