#!/usr/bin/env node
// Makes report.html out of the results of a run, with charts over time if the run was recorded.
import './lib/require-node.mjs';
import { EXIT_BAD_INPUT, ExitError, runAsScript } from './lib/exit-error.mjs';
import { makeHtmlReport, RECORDING } from './lib/html-report.mjs';
import { callOf } from './lib/project.mjs';

const USAGE = `Usage: ${callOf('html-report')} DIR

Makes DIR/report.html out of DIR/summary.json and, if it is there, DIR/${RECORDING}, what k6 recorded of the run:
  k6 run --out 'web-dashboard=port=-1&period=1s&tag=reason&record=results/${RECORDING}' -e WS_RESULTS_DIR=results …

npm start does both by itself. The file asks nobody for anything: it can be mailed, printed and kept.

Exit code: 0; 2 there is no summary.json of this release, or report.html cannot be written.
`;

/** @param {string[]} args */
async function main(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const [folder] = args;
  if (folder === undefined || args.length > 1 || folder.startsWith('-')) {
    throw new ExitError(
      `expected one folder with results, got ${args.join(' ') || 'nothing'}\n\n${USAGE}`,
      EXIT_BAD_INPUT,
    );
  }
  process.stdout.write(`${await makeHtmlReport(folder)}\n`);
  return 0;
}

await runAsScript(import.meta.url, main);
