import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { importTypeScript } from './import-typescript.mjs';

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
 */
export async function writeMerged(report, merged, folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'summary.json'), `${JSON.stringify(merged, null, 2)}\n`);
  await writeFile(path.join(folder, 'junit.xml'), report.junit(merged));
  await writeFile(path.join(folder, 'report.html'), report.reportHtml(merged));
}
