/**
 * Where this VU has had its iteration: start and planned end of the k6 scenario, in ms since the epoch. There it makes its
 * attempts once, whatever k6 starts again. The next scenario may use the same VU.
 *
 * In a file of its own: of iteration.ts nothing stays in a VU (PASSING in build.mjs).
 */
export const spent = { startTime: 0, until: 0 };
