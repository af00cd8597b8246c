/** @typedef {Record<string, any>} Counts Numbers, and records of numbers. */

/**
 * What servers beside each other counted: the sums. The most that were open at one time (`peakOpen`) are those of each, not always
 * at the same one.
 *
 * @param {Counts[]} servers
 * @returns {Counts}
 */
export function sumCounts(servers) {
  /** @type {Counts} */
  const total = {};
  for (const counts of servers) {
    for (const [name, value] of Object.entries(counts)) {
      total[name] = typeof value === 'number' ? (total[name] ?? 0) + value : sumCounts([total[name] ?? {}, value]);
    }
  }
  return total;
}

/**
 * What one server counted over its lives: sums, but for what is so now (`open`: of the last life) and for the greatest (`peakOpen`).
 *
 * @param {Counts[]} lives In their order.
 * @returns {Counts}
 */
export function addLives(lives) {
  const total = sumCounts(lives);
  const peaks = lives.flatMap(({ peakOpen }) => peakOpen ?? []);
  return {
    ...total,
    ...(total['open'] !== undefined && { open: lives.at(-1)?.['open'] }),
    ...(peaks.length > 0 && { peakOpen: Math.max(...peaks) }),
  };
}
