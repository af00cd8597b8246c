import { readFile } from 'node:fs/promises';

/** What every summary.json has. */
const PARTS = ['plan', 'targets', 'connections', 'messages', 'latencyMs', 'generator'];

/** So many problems of a file say enough. */
const MOST_PROBLEMS = 3;

/**
 * @typedef {object} Report
 * @property {number} SCHEMA_VERSION
 * @property {(version: number) => string} olderRelease
 * @property {(summary: unknown) => string[]} summaryProblems
 */

/**
 * A run's summary.json.
 *
 * @param {string} source The file.
 * @param {Report} report Of lib/report/summary.ts and lib/report/whole-summary.ts.
 * @returns {Promise<{ source: string, summary: any }>}
 * @throws {Error} Saying what the file is instead.
 */
export async function readSummary(source, { SCHEMA_VERSION, olderRelease, summaryProblems }) {
  const text = await readFile(source, 'utf8').catch((error) => {
    throw new Error(`${source} cannot be read (${error.code})`);
  });
  let summary;
  try {
    summary = JSON.parse(text);
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
  const problems = summaryProblems(summary);
  if (problems.length > 0) {
    const more = problems.length > MOST_PROBLEMS ? `; and ${problems.length - MOST_PROBLEMS} more` : '';
    throw new Error(`${source} is not a whole summary.json: ${problems.slice(0, MOST_PROBLEMS).join('; ')}${more}`);
  }
  return { source, summary };
}
