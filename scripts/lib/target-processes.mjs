import { startTargetProcess } from './target-process.mjs';

/**
 * @typedef {object} TargetProcesses
 * @property {string} url For WS_URL: the addresses of all, separated by commas.
 * @property {number} count
 * @property {() => Promise<any>} finalStats As of one server: the sums. Rejects as that of one.
 * @property {(downMs: number) => Promise<void>} restart Kills all, and starts them again after so many milliseconds.
 * @property {() => Promise<void>} stop
 */

/**
 * Several servers, each with open files and a port of its own.
 *
 * @param {number} count From 1.
 * @param {string} [script] As startTargetProcess() has it.
 * @param {string[]} [args]
 * @returns {Promise<TargetProcesses>}
 * @throws {import('./exit-error.mjs').ExitError} With code 1 if one of them does not start; none is left then.
 */
export async function startTargetProcesses(count, script, args) {
  const starts = await Promise.allSettled(Array.from({ length: count }, () => startTargetProcess(script, args)));
  const servers = starts.flatMap((start) => (start.status === 'fulfilled' ? start.value : []));
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    url: servers.map(({ url }) => url).join(','),
    count,
    finalStats: async () => sumOf(await Promise.all(servers.map((server) => server.finalStats()))),
    restart: async (downMs) => {
      await Promise.all(servers.map((server) => server.restart(downMs)));
    },
    stop,
  };
}

/**
 * @param {import('./describe-counts.mjs').Counts[]} all
 * @returns {import('./describe-counts.mjs').Counts} Of each count the sum; of a record of counts the sums. The most that
 *   were open at one time are those of each server, not always at the same one.
 */
export function sumOf(all) {
  /** @type {import('./describe-counts.mjs').Counts} */
  const sums = {};
  for (const counts of all) {
    for (const [name, value] of Object.entries(counts)) {
      const sum = sums[name];
      if (typeof value === 'number') sums[name] = value + (typeof sum === 'number' ? sum : 0);
      else sums[name] = addTo(typeof sum === 'object' ? sum : {}, value);
    }
  }
  return sums;
}

/** @param {Record<string, number>} sums @param {Record<string, number>} counts */
function addTo(sums, counts) {
  const added = { ...sums };
  for (const [name, count] of Object.entries(counts)) added[name] = (added[name] ?? 0) + count;
  return added;
}
