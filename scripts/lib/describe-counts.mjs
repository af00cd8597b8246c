/** @typedef {Record<string, number | Record<string, number>>} Counts */

/**
 * What the echo server counted, for people.
 *
 * @param {import('./echo-server.mjs').Stats} stats
 * @param {number} [servers] That they are the sums of.
 * @returns {string} Two lines.
 */
export function describeEchoCounts({ accepted, refused, open, peakOpen, received, answered }, servers = 1) {
  return (
    `The ${servers > 1 ? `${servers} target servers` : 'target server'} counted ${counted(accepted, 'connection')} accepted, ${format(peakOpen)} open at one time, ` +
    `${format(refused)} refused, ${format(open)} still open;\n` +
    `${counted(received, 'message')} received, ${format(answered)} answered.\n`
  );
}

/**
 * What a demo's server counted, for people: one line for each count, in its order.
 *
 * @param {string} name `chat`
 * @param {Counts} counts `{ peakOpen: 1000, refused: { 'bad token': 2 } }`
 * @returns {string} `The chat server counted:\n  peak open  1,000\n  refused    bad token 2\n`
 */
export function describeCounts(name, counts) {
  const rows = Object.entries(counts).map(([key, value]) => {
    const label = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    if (typeof value === 'number') return [label, format(value)];
    const parts = Object.entries(value).map(([what, count]) => `${what} ${format(count)}`);
    return [label, parts.join(', ') || 'none'];
  });
  const width = Math.max(...rows.map(([label]) => /** @type {string} */ (label).length));
  const lines = rows.map(([label, value]) => `  ${/** @type {string} */ (label).padEnd(width)}  ${value}\n`);
  return `The ${name} server counted:\n${lines.join('')}`;
}

/** @param {number} count */
function format(count) {
  return count.toLocaleString('en-US');
}

/**
 * @param {number} count
 * @param {string} noun
 */
function counted(count, noun) {
  return `${format(count)} ${noun}${count === 1 ? '' : 's'}`;
}
