#!/usr/bin/env node
// Says whether runs after a change are worse than those before it, beyond noise.
import './lib/require-node.mjs';
import { parseCompareArguments } from './lib/compare-arguments.mjs';
import { EXIT_BAD_INPUT, ExitError, runAsScript } from './lib/exit-error.mjs';
import { importTypeScript } from './lib/import-typescript.mjs';
import { callOf } from './lib/project.mjs';
import { readSummary } from './lib/read-summary.mjs';
import { runsIn } from './lib/runs-in.mjs';

const CALL = callOf('compare-results');
const EXAMPLE = `${CALL} results-before results-after --worse 10%`;
const USAGE = `Usage: ${CALL} BEFORE AFTER [--worse 10%] [--format text|json|markdown]
       ${CALL} --before RUN... --after RUN... [--worse 10%] [...]

Compares two runs of one plan: targets, latency, memory, failures. BEFORE, AFTER and RUN are results folders, files
like summary.json, or folders of results folders: then each of those is a run. From three runs of each side on, what
counts is what is beyond their own spread.

  --worse SHARE   by how much a figure may be worse, as 10% or 0.1. Default 10%
  --format NAME   text for people, json for programs, markdown for a pull request. Default text

Exit code: 0 nothing is worse; 99 something is; 2 bad arguments or files, or runs of different plans, or the same run.
`;
const EXIT_WORSE = 99;

/** @param {string[]} args */
async function main(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const given = parseCompareArguments(args, EXAMPLE);
  const report = await importTypeScript('lib/report/compare/compared.ts');
  const worse = shareOf(given.worse, report.share);
  const comparison = await comparisonOf(given, worse, report);
  process.stdout.write(formatted(comparison, given.format, report));
  return comparison.verdict === 'worse' ? EXIT_WORSE : 0;
}

/**
 * @param {import('./lib/compare-arguments.mjs').CompareArguments} given
 * @param {number} worse
 * @param {any} report
 */
async function comparisonOf(given, worse, report) {
  const read = async (/** @type {string[]} */ places) => {
    const files = (await Promise.all(places.map(runsIn))).flat();
    return Promise.all(files.map((file) => readSummary(file, report)));
  };
  try {
    return report.compareRuns(await read(given.before), await read(given.after), worse);
  } catch (error) {
    const { problems, message } = /** @type {Error & { problems?: string[] }} */ (error);
    const lines = (problems ?? [message]).map((problem) => `  - ${problem}`);
    throw new ExitError(`The runs cannot be compared:\n${lines.join('\n')}`, EXIT_BAD_INPUT);
  }
}

/**
 * @param {any} comparison
 * @param {string} format
 * @param {any} report
 */
function formatted(comparison, format, report) {
  if (format === 'json') return `${JSON.stringify(comparison, null, 2)}\n`;
  if (format === 'markdown') return report.comparisonMarkdown(comparison);
  return report.comparisonText(comparison, process.stdout.isTTY === true && !process.env['NO_COLOR']);
}

/**
 * @param {string} text
 * @param {(text: string) => number} share
 */
function shareOf(text, share) {
  try {
    const worse = share(text);
    if (worse > 0) return worse;
  } catch {
    // Said below.
  }
  throw new ExitError(
    `--worse is a share above 0, as 10% or 0.1, at most 100%, got "${text}". Example: ${EXAMPLE}`,
    EXIT_BAD_INPUT,
  );
}

await runAsScript(import.meta.url, main);
