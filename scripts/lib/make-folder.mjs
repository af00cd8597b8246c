import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder, and those above it that are not there. Node's own `recursive` never ends where a folder that is there answers
 * that it is not, as /proc does.
 *
 * @param {string} folder
 * @returns {Promise<void>}
 * @throws {Error} The system's, for the first that cannot be made.
 */
export async function makeFolder(folder) {
  if (await isFolder(folder)) return;
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    // Another process was faster.
    if (code === 'EEXIST' && (await isFolder(folder))) return;
    const parent = path.dirname(folder);
    if (code !== 'ENOENT' || parent === folder || (await isFolder(parent))) throw error;
    await makeFolder(parent);
    await makeFolder(folder);
  }
}

/** @param {string} folder */
function isFolder(folder) {
  return stat(folder).then(
    (state) => state.isDirectory(),
    () => false,
  );
}
