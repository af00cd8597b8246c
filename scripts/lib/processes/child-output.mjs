import { createInterface } from 'node:readline';

/** Lines of one process that are shown. What goes wrong thousands of times is said after a few. */
const MOST_LINES = 20;
const LONGEST_LINE = 1_000;

/** What all processes say alike and the launcher says for them, or is no news. */
const LEFT_OUT = [
  // Each is judged by its own part; the verdict is that of all together.
  /thresholds on metrics .* have been crossed/,
  /test run was aborted because k6 received an? /,
  /test run stopped from REST API/,
  // The progress of one.
  /msg="[\d,]+ of [\d,]+ connections tried, /,
  // One for each timer of an interrupted VU.
  /setTimeout \d+ was stopped because the VU iteration was interrupted/,
];

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
    if (line.trim() === '' || LEFT_OUT.some((pattern) => pattern.test(line))) continue;
    if (shown === MOST_LINES) {
      left += 1;
      continue;
    }
    shown += 1;
    say(`${name}: ${line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line}`);
  }
  if (left > 0) say(`${name}: and ${left.toLocaleString('en-US')} more lines`);
}
