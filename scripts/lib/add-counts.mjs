/** @typedef {Record<string, any>} Counts Numbers, and records of numbers. */

/**
 * What a server counted over its lives: sums, but for what is so now (`open`: of the last life) and for the greatest (`peakOpen`).
 *
 * @param {Counts[]} lives In their order.
 * @returns {Counts}
 */
export function addCounts(lives) {
  /** @type {Counts} */
  const total = {};
  for (const counts of lives) {
    for (const [name, value] of Object.entries(counts)) {
      if (typeof value !== 'number') total[name] = addCounts([total[name] ?? {}, value]);
      else if (name === 'open') total[name] = value;
      else if (name === 'peakOpen') total[name] = Math.max(total[name] ?? 0, value);
      else total[name] = (total[name] ?? 0) + value;
    }
  }
  return total;
}
