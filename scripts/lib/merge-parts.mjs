import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { importTypeScript } from './import-typescript.mjs';

/** What every summary.json has. */
const PARTS = ['targets', 'plan', 'connections', 'messages', 'latencyMs', 'generator'];

/** @returns {Promise<any>} The code that merges and reports: lib/report/merged.ts. */
export function mergingCode() {
  return importTypeScript('lib/report/merged.ts');
}

/**
 * One process's summary.json.
 *
 * @param {string} file
 * @param {any} report Of mergingCode().
 * @param {string} [source] What the report calls it.
 * @returns {Promise<{ source: string, summary: any }>}
 * @throws {Error} With a sentence, if it is none of this release.
 */
export async function readPart(file, { SCHEMA_VERSION, olderRelease }, source = file) {
  let summary;
  try {
    summary = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${source} is no JSON: ${/** @type {Error} */ (error).message}`);
  }
  const version = summary?.schemaVersion;
  if (version === 1) throw new Error(`${source}: ${olderRelease(version)}; run the test again with this release`);
  if (version !== SCHEMA_VERSION) {
    throw new Error(
      `${source} is no summary.json of this package: schemaVersion is ${version}, expected ${SCHEMA_VERSION}`,
    );
  }
  const missing = PARTS.filter((part) => !summary[part] || summary[part].length === 0);
  if (missing.length > 0) throw new Error(`${source} is not a whole summary.json: it has no ${missing.join(', ')}`);
  return { source, summary };
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
}
