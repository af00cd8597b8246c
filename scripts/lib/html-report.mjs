import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';
import { ROOT } from './project.mjs';
import { readSummary } from './read-summary.mjs';

/** What the web dashboard of k6 records, beside summary.json. */
export const RECORDING = 'series.ndjson.gz';
export const REPORT = 'report.html';

/**
 * Makes report.html out of summary.json and, if there is one, the recording of the same run.
 *
 * @param {string} folder Of the results.
 * @returns {Promise<string>} What was made, in a sentence.
 * @throws {ExitError} With code 2 when there is no summary.json of this release in it.
 */
export async function makeHtmlReport(folder) {
  // Needs the npm packages, which npm start has yet to install when it imports this file.
  const { importTypeScript } = await import('./import-typescript.mjs');
  const report = await importTypeScript('lib/report/html-report.ts');
  const summary = await summaryIn(folder, report);
  const recorded = await readSeries(folder, report);
  const file = path.join(folder, REPORT);
  const isOfRun = recorded !== null && !summary.processes && coversRun(recorded, summary);
  const charts = isOfRun ? report.chartsOf(recorded) : [];
  const part = charts.length === 0 ? null : await chartsPart(charts, recorded, report);
  await writeFile(file, report.reportHtml(summary, part)).catch((error) => {
    throw new ExitError(`${file} cannot be written (${error.code})`, EXIT_BAD_INPUT);
  });
  if (part) return `${file}: with ${charts.length} charts over time.`;
  if (recorded !== null && !isOfRun) return `${file}: without charts, since ${RECORDING} is of another run.`;
  return `${file}: without charts over time, since the run was not recorded.`;
}

/** @param {string} folder */
async function summaryIn(folder, report) {
  try {
    return (await readSummary(path.join(folder, 'summary.json'), report)).summary;
  } catch (error) {
    throw new ExitError(
      `${/** @type {Error} */ (error).message}. Example: npm start -- -e WS_RESULTS_DIR=results, then node scripts/html-report.mjs results`,
      EXIT_BAD_INPUT,
    );
  }
}

/** @param {string} folder */
async function readSeries(folder, { readRecording }) {
  const packed = await readFile(path.join(folder, RECORDING)).catch(() => null);
  if (packed === null) return null;
  try {
    // One that was not closed, since k6 was killed, is good up to there.
    return readRecording(gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8'));
  } catch {
    return null;
  }
}

/** A folder can hold the recording of an earlier run: that of this one goes on in the middle of it. */
function coversRun({ startMs, times }, { endedAt, durationMs }) {
  if (endedAt === undefined) return true;
  const middleMs = Date.parse(endedAt) - durationMs / 2;
  return startMs <= middleMs && middleMs <= startMs + times.at(-1) * 1_000;
}

async function chartsPart(charts, { startMs, times }, { chartsBody, CHARTS_STYLE }) {
  const library = createRequire(import.meta.url).resolve('uplot/dist/uPlot.iife.min.js');
  const read = (/** @type {string} */ file) => readFile(file, 'utf8');
  const scripts = [await read(library), await read(path.join(ROOT, 'scripts', 'page', 'charts.js'))];
  const style = await read(path.join(path.dirname(library), 'uPlot.min.css'));
  const period = times.length > 1 ? (times.at(-1) / times.length).toFixed(1) : times[0].toFixed(1);
  const started = new Date(startMs).toISOString().slice(0, 19).replace('T', ' ');
  return {
    body: chartsBody(
      charts,
      `Time since ${started} UTC. k6 added up about each ${period} s; times are percentiles within that, and of a long run each stretch shows its least and its greatest value.`,
    ),
    style: `${style}${CHARTS_STYLE}`,
    scripts,
    hashes: scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`),
  };
}
