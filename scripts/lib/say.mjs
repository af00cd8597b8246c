const HEARTBEAT_MS = 15_000;

/**
 * Tells the user what is going on: one line on stderr, since stdout belongs to the results.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Whole seconds for people: `85 s`, `4 min 5 s`.
 *
 * @param {number} ms
 * @returns {string}
 */
export function formatElapsed(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Waits for something slow and says every 15 s that it goes on.
 *
 * @template T
 * @param {string} what `building k6 v2.2.0`
 * @param {Promise<T>} work
 * @param {number} [intervalMs]
 * @returns {Promise<T>}
 */
export async function withHeartbeat(what, work, intervalMs = HEARTBEAT_MS) {
  const startedMs = performance.now();
  const beat = setInterval(
    () => say(`Still ${what}, ${formatElapsed(performance.now() - startedMs)} so far.`),
    intervalMs,
  );
  try {
    return await work;
  } finally {
    clearInterval(beat);
  }
}
