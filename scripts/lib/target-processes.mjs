import { sumCounts } from './add-counts.mjs';
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
    finalStats: async () => sumCounts(await Promise.all(servers.map((server) => server.finalStats()))),
    restart: async (downMs) => {
      await Promise.all(servers.map((server) => server.restart(downMs)));
    },
    stop,
  };
}
