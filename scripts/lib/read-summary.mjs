import { readFile } from 'node:fs/promises';

/** What every summary.json has. */
const PARTS = ['plan', 'targets', 'connections', 'messages', 'latencyMs', 'generator'];

/**
 * A run's summary.json.
 *
 * @param {string} source The file.
 * @param {{ SCHEMA_VERSION: number, olderRelease: (version: number) => string }} report Of lib/report/summary.ts.
 * @returns {Promise<{ source: string, summary: any }>}
 * @throws {Error} Saying what the file is instead.
 */
export async function readSummary(source, { SCHEMA_VERSION, olderRelease }) {
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
  return { source, summary };
}
