/** The k6 that is downloaded or built, and that the figures in the documentation were measured with. */
export const PINNED_K6 = '2.2.0';
/** Built where the pinned one cannot be: the last k6 v1. */
export const FALLBACK_K6 = '1.8.1';
/** The oldest k6 that is taken as found. */
export const OLDEST_K6 = '1.8.0';

/**
 * The version in what `k6 version` prints: `k6 v1.8.1 (commit/…)`, `k6.exe v2.2.0 (…)`. It begins with the name of
 * its file, so a k6 with another name says that: `k6-custom v2.2.0 (…)`.
 *
 * @param {string} text
 * @returns {string | undefined} `2.2.0` or `2.0.0-rc1`; undefined if the text is not k6's.
 */
export function parseK6Version(text) {
  return /^\S*k6\S* v(\d+\.\d+\.\d+(?:-[\w.]+)?)/m.exec(text)?.[1];
}

/**
 * Whether a version is at least `OLDEST_K6`. A pre-release counts as older than its release.
 *
 * @param {string} version As `parseK6Version` gives it.
 * @returns {boolean}
 */
export function isNewEnough(version) {
  const [numbers = '', ...preRelease] = version.split('-');
  const given = numbers.split('.').map(Number);
  const oldest = OLDEST_K6.split('.').map(Number);
  const at = oldest.findIndex((number, index) => number !== given[index]);
  if (at === -1) return preRelease.length === 0;
  return /** @type {number} */ (given[at]) > /** @type {number} */ (oldest[at]);
}
