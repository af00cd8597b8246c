#!/usr/bin/env node
// One report and verdict out of the summary.json files of several k6 processes (execution segments, pods).
import './lib/require-node.mjs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cannotBeMerged, mergingCode, printMerged, writeMerged } from './lib/merge-parts.mjs';
import { callOf } from './lib/project.mjs';
import { readSummary } from './lib/read-summary.mjs';

const USAGE = `Usage: ${callOf('merge-results')} DIR_OR_FILE... [--expect N] [--out DIR]

Merges the summary.json of each process of one test. A directory is searched for files named summary.json or
*.summary.json, below it too; merged ones are passed over.

  --expect N   how many processes there were; fewer or more files are an error
  --out DIR    where the merged summary.json, junit.xml and report.html go; without it only the text is printed

Exit code: 0 all targets met; 99 a target is missed, as k6; 2 the files are not one whole test, or not readable.`;

/** Directories nested deeper than this are not searched. */
const MAX_DEPTH = 6;

const EXIT = { pass: 0, fail: 99, badInput: 2 };

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(cannotBeMerged(error));
  process.exitCode = EXIT.badInput;
}

async function main(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      expect: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return EXIT.pass;
  }
  if (positionals.length === 0) throw new Error(`no file or directory is given\n\n${USAGE}`);
  const expected = values.expect === undefined ? null : Number(values.expect);
  if (expected !== null && !(Number.isInteger(expected) && expected > 0)) {
    throw new Error(`--expect is a whole number from 1, not "${values.expect}"`);
  }

  const report = await mergingCode();
  const files = (await Promise.all(positionals.map((given) => summaryFiles(given)))).flat();
  const parts = (await Promise.all(files.map((file) => readSummary(file, report)))).filter(
    ({ summary }) => !summary.processes,
  );
  const merged = report.mergeSummaries(parts, expected);
  printMerged(report, merged);
  if (values.out !== undefined) await writeMerged(report, merged, values.out);
  return EXIT[merged.verdict];
}

/** The file itself, or the summaries in a directory, in the order of their names. */
async function summaryFiles(given, depth = 0) {
  const what = await stat(given).catch(() => null);
  if (what === null) {
    throw new Error(
      `${given} is not there: expected results of the test's processes, for example results-1/summary.json`,
    );
  }
  if (what.isFile()) return [given];
  const found = [];
  const entries = await readdir(given, { withFileTypes: true });
  // 10 comes after 9.
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))) {
    const name = path.join(given, entry.name);
    if (entry.isDirectory() && depth < MAX_DEPTH) found.push(...(await summaryFiles(name, depth + 1)));
    else if (entry.isFile() && /(^|\.)summary\.json$/.test(entry.name)) found.push(name);
  }
  if (depth === 0 && found.length === 0) throw new Error(`${given} holds no summary.json`);
  return found;
}
