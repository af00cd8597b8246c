/**
 * Whether the end of one process ends the others, too: `capacity` looks for the limit of the server, which one process
 * can find for all of them.
 *
 * @param {string} scenario
 * @param {number} exitCode Of the process that has ended.
 * @returns {boolean}
 */
export function endsTheOthers(scenario, exitCode) {
  return scenario === 'capacity' && exitCode === 99;
}
