import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { importTypeScript } from './import-typescript.mjs';
import { makeFolder } from './make-folder.mjs';

/** @returns {Promise<any>} The code that merges and reports: lib/report/merged.ts. */
export function mergingCode() {
  return importTypeScript('lib/report/merged.ts');
}

/**
 * Prints the report of all processes together.
 *
 * @param {any} report Of mergingCode().
 * @param {any} merged
 */
export function printMerged(report, merged) {
  console.log(report.mergedText(merged, process.stdout.isTTY === true && !process.env['NO_COLOR']));
}

/**
 * Writes what a single process writes into WS_RESULTS_DIR, for all together.
 *
 * @param {any} report Of mergingCode().
 * @param {any} merged
 * @param {string} folder Is made if need be.
 * @throws {Error} Saying which file cannot be written.
 */
export async function writeMerged(report, merged, folder) {
  await makeFolder(folder).catch((error) => {
    throw new Error(`${folder}: expected a folder that is there or can be made (${error.code})`);
  });
  const files = {
    'summary.json': `${JSON.stringify(merged, null, 2)}\n`,
    'junit.xml': report.junit(merged),
    'report.html': report.reportHtml(merged),
  };
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await writeFile(file, content).catch((error) => {
      throw new Error(`${file} cannot be written (${error.code})`);
    });
  }
}

/**
 * What to say where summaries cannot be merged.
 *
 * @param {unknown} error
 */
export function cannotBeMerged(error) {
  const { problems, message } = /** @type {Error & { problems?: string[] }} */ (error);
  return `The results cannot be merged:\n${(problems ?? [message]).map((problem) => `  - ${problem}`).join('\n')}`;
}
