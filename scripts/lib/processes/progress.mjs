import { formatElapsed } from '../say.mjs';
import { countOf } from './k6-api.mjs';

const EVERY_MS = 1_000;

/**
 * One line over all processes.
 *
 * @param {{ processes: number, open: number, planned: number, failed: number, elapsedMs: number }} run
 * @returns {string} `4 processes: 38,400 of 40,000 open, 12 failed, 41 s`
 */
export function progressText({ processes, open, planned, failed, elapsedMs }) {
  const n = (/** @type {number} */ count) => count.toLocaleString('en-US');
  return `${processes} processes: ${n(open)} of ${n(planned)} open, ${n(failed)} failed, ${formatElapsed(elapsedMs)}`;
}

/**
 * Shows each second what is open, as each k6 has it, until it is told to stop. Of a process that does not answer, or no
 * longer, the last word counts for the failures, and nothing for what is open.
 *
 * @param {{ address: string, hasEnded: boolean }[]} processes
 * @param {number} planned Open at one time.
 * @param {import('./status-line.mjs').StatusLine} line
 * @returns {() => void}
 */
export function showProgress(processes, planned, line) {
  const startedMs = performance.now();
  const failed = processes.map(() => 0);
  let stopped = false;
  const beat = async () => {
    const open = await Promise.all(
      processes.map(async ({ address, hasEnded }, i) => {
        if (hasEnded) return 0;
        failed[i] = (await countOf(address, 'ws_connect_failures')) ?? failed[i] ?? 0;
        return (await countOf(address, 'ws_connections_open')) ?? 0;
      }),
    );
    if (stopped) return;
    line.show(
      progressText({
        processes: processes.length,
        open: sum(open),
        planned,
        failed: sum(failed),
        elapsedMs: performance.now() - startedMs,
      }),
    );
    timer = setTimeout(beat, EVERY_MS);
  };
  let timer = setTimeout(beat, EVERY_MS);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** @param {number[]} counts */
function sum(counts) {
  return counts.reduce((total, count) => total + count, 0);
}
