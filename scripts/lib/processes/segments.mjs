/** More k6 processes on one host than this share its cores to nobody's good. */
export const MOST_PROCESSES = 64;

/**
 * k6's arguments for each process of a test, in their order: equal parts as exact fractions, so that they add up to the
 * whole. Reduced, as k6 writes them into its results.
 *
 * @param {number} processes From 1.
 * @returns {{ segment: string, sequence: string }[]} `{ segment: '0:1/2', sequence: '0,1/2,1' }`
 */
export function segmentsOf(processes) {
  const bounds = Array.from({ length: processes + 1 }, (_, i) => fraction(i, processes));
  return bounds.slice(1).map((to, i) => ({ segment: `${bounds[i]}:${to}`, sequence: bounds.join(',') }));
}

/**
 * @param {number} over
 * @param {number} under
 */
function fraction(over, under) {
  const divisor = greatestCommonDivisor(over, under);
  return under === divisor ? String(over / divisor) : `${over / divisor}/${under / divisor}`;
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * What one of several equal execution segments has of a test. k6 deals the VUs out in turn, as lib/plan/segment.ts has
 * it for segments of any size.
 *
 * @param {{ connections: number, perVu: number }} load Of the whole test.
 * @param {number} index Of the process, from 0.
 * @param {number} processes
 * @returns {{ connections: number, vus: number }}
 */
export function shareOfProcess({ connections, perVu }, index, processes) {
  const all = Math.ceil(connections / perVu);
  const vus = Math.max(0, Math.ceil((all - index) / processes));
  // The last VU can have fewer connections than the others.
  const hasLast = all > 0 && (all - 1) % processes === index;
  return { vus, connections: vus * perVu - (hasLast ? all * perVu - connections : 0) };
}
