/**
 * Lines for people on stderr, below them one that changes. Where stderr is no terminal, the changing one is written only
 * now and then, for the log of a CI job.
 */

const EVERY_MS_IN_A_LOG = 10_000;

/**
 * @typedef {object} StatusLine
 * @property {(line: string) => void} say A line that stays.
 * @property {(line: string) => void} show The line that changes.
 * @property {() => void} end The last one stays as it is.
 */

/**
 * @param {{ isTTY?: boolean, columns?: number, write(text: string): unknown }} [stream]
 * @param {() => number} [now] ms.
 * @returns {StatusLine}
 */
export function statusLine(stream = process.stderr, now = () => performance.now()) {
  const isTerminal = stream.isTTY === true;
  let shown = '';
  let shownMs = Number.NEGATIVE_INFINITY;
  const clear = () => (isTerminal && shown !== '' ? '\r\u001b[K' : '');
  return {
    say(line) {
      stream.write(`${clear()}${line}\n${isTerminal ? shown : ''}`);
    },
    show(line) {
      if (isTerminal) {
        const before = clear();
        // A line that wraps could not be taken back.
        shown = line.slice(0, (stream.columns ?? 80) - 1);
        stream.write(before + shown);
      } else if (now() - shownMs >= EVERY_MS_IN_A_LOG) {
        shownMs = now();
        stream.write(`${line}\n`);
      }
    },
    end() {
      if (isTerminal && shown !== '') stream.write('\n');
      shown = '';
    },
  };
}
