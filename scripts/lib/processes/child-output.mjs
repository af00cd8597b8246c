import { createInterface } from 'node:readline';

/** Lines of one process that are shown. What goes wrong thousands of times is said after a few. */
const MOST_LINES = 20;
const LONGEST_LINE = 1_000;

/** Each process is judged by its own part; the verdict is that of all together. */
const NOT_OF_ONE = /thresholds on metrics .* have been crossed/;
/** k6 has one for each timer of an interrupted VU. */
const OF_THE_INTERRUPTION = /setTimeout \d+ was stopped because the VU iteration was interrupted/;

/**
 * Shows what a k6 process has to say, with its number, and not more of it than a reader can use. k6's report is not
 * among it: that goes to stdout.
 *
 * @param {import('node:stream').Readable} stderr
 * @param {string} name `process 2`
 * @param {(line: string) => void} say
 * @returns {Promise<void>} Resolves at the end of the stream.
 */
export async function showOutput(stderr, name, say) {
  let shown = 0;
  let left = 0;
  for await (const line of createInterface({ input: stderr })) {
    if (line.trim() === '' || NOT_OF_ONE.test(line) || OF_THE_INTERRUPTION.test(line)) continue;
    if (shown === MOST_LINES) {
      left += 1;
      continue;
    }
    shown += 1;
    say(`${name}: ${line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line}`);
  }
  if (left > 0) say(`${name}: and ${left.toLocaleString('en-US')} more lines`);
}
