import { EXIT_NO_RESULTS } from '../results-folder.mjs';

/** All targets met; a target missed. What else k6 ends with is no verdict. */
const VERDICTS = [0, 99];

/**
 * @typedef {object} End
 * @property {number} exitCode As `endOfK6` reads it.
 * @property {boolean} hasReport It left a summary.json.
 * @property {boolean} endedByUs The launcher stopped it, since another process had found what it was looking for.
 */

/**
 * One exit code out of those of all processes: what the first of them died of; else k6's own where the run was ended
 * early (105 interrupted); else the verdict over all.
 *
 * @param {End[]} ends
 * @param {'pass' | 'fail' | undefined} verdict Of the merged report, if there is one.
 * @returns {number}
 */
export function exitCodeOf(ends, verdict) {
  const dead =
    ends.find(({ hasReport, endedByUs }) => !hasReport && !endedByUs) ?? ends.find(({ hasReport }) => !hasReport);
  if (dead) return VERDICTS.includes(dead.exitCode) ? EXIT_NO_RESULTS : dead.exitCode;
  const early = ends.find(({ exitCode, endedByUs }) => !endedByUs && !VERDICTS.includes(exitCode));
  if (early) return early.exitCode;
  return verdict === 'pass' ? 0 : 99;
}

/**
 * How a process ended that left no report, to be read after "it".
 *
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 * @returns {string}
 */
export function howItEnded(code, signal) {
  if (signal) return `was ended by ${signal}`;
  return code === 2 ? 'crashed (exit code 2)' : `ended with exit code ${code}`;
}
