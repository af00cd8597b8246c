import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Whether a process of `capacity` that has ended has found the limit, which one of them can find for all. Its report says
 * so: the exit code is the same where it missed a target of the whole run.
 *
 * @param {string} folder With its summary.json, if it left one.
 * @returns {Promise<boolean>}
 */
export async function hasFoundLimit(folder) {
  try {
    const { capacity } = JSON.parse(await readFile(path.join(folder, 'summary.json'), 'utf8'));
    return typeof capacity?.failedAt === 'number';
  } catch {
    return false;
  }
}
