import { median } from './median.mjs';

/**
 * What one client did in one round.
 *
 * @typedef {object} Measurement
 * @property {number} memoryBytes The most of its resident memory, all its processes together.
 * @property {number} cpuSeconds User and system time.
 * @property {number} replies Messages that the server answered.
 * @property {number} peakOpen The most connections that the server had open at one time.
 */

/**
 * A client and all its rounds.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} description
 * @property {string | null} floor Name of the client that it is compared with.
 * @property {Measurement[]} rounds
 */

/**
 * The Markdown table: medians over the rounds, and their ratio to the client's floor.
 *
 * @param {readonly Row[]} rows
 * @returns {string}
 */
export function markdownTable(rows) {
  const measured = rows.filter(({ rounds }) => rounds.length > 0);
  const lines = measured.map((row) => {
    const floor = measured.find(({ name }) => name === row.floor);
    const memory = medianOf(row, 'memoryBytes');
    const cpu = medianOf(row, 'cpuSeconds');
    return cells([
      `\`${row.name}\``,
      row.description,
      `${grouped(Math.round(memory / 1e6))} MB`,
      floor ? ratio(memory, medianOf(floor, 'memoryBytes')) : '',
      `${cpu.toFixed(1)} s`,
      floor ? ratio(cpu, medianOf(floor, 'cpuSeconds')) : '',
      grouped(medianOf(row, 'peakOpen')),
      grouped(medianOf(row, 'replies')),
    ]);
  });
  const head = ['client', 'what it is', 'peak memory', 'of floor', 'CPU', 'of floor', 'open at once', 'replies'];
  return [cells(head), cells(['---', '---', '---:', '---:', '---:', '---:', '---:', '---:']), ...lines].join('\n');
}

/**
 * @param {Row} row
 * @param {keyof Measurement} figure
 */
export function medianOf(row, figure) {
  return median(row.rounds.map((round) => round[figure]));
}

/** @param {readonly string[]} values */
function cells(values) {
  return `| ${values.join(' | ')} |`;
}

/** @param {number} value @param {number} floor */
function ratio(value, floor) {
  return `${(value / floor).toFixed(2)} x`;
}

/** @param {number} value */
function grouped(value) {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}
