import { EXIT_BAD_INPUT, ExitError } from '../exit-error.mjs';
import { openFileLimit } from '../open-files.mjs';
import { hasSegment, localIpsIn } from './k6-arguments.mjs';
import { addressesFor, limitProblem, serversFor } from './limits.mjs';
import { countLocalIps } from './local-ips.mjs';
import { mostAtOnce } from './plan.mjs';
import { outgoingPorts, targetAddresses } from './ports.mjs';

/**
 * Refuses a run that this host would end for want of open files or ports.
 *
 * @param {object} run
 * @param {import('./plan.mjs').Plan} run.plan
 * @param {number} run.processes
 * @param {string | undefined} run.urls WS_URL; undefined: servers are started on this host, as many as it takes.
 * @param {string} [run.ip] WS_IP.
 * @param {string[]} run.k6Args The user's.
 * @param {NodeJS.ProcessEnv} [run.env]
 * @param {string} [run.oneServer] The name of a demo whose connections know each other: it has one server.
 * @returns {Promise<number>} How many servers it takes.
 * @throws {ExitError} With code 2 and what to type.
 */
export async function checkLimits({ plan, processes, urls, ip, k6Args, env = process.env, oneServer }) {
  const portsAreOfHost = process.platform === 'win32';
  const host = { files: openFileLimit(), ports: outgoingPorts(), portsAreOfHost };
  const localIps = localIpsIn(k6Args, env);
  const sources = localIps === undefined ? null : countLocalIps(localIps);
  const connections = mostAtOnce(plan);
  const servers = serversFor(connections, host, sources);
  // Names are looked up only where one target is not enough.
  const isOneEnough = portsAreOfHost || addressesFor(connections, host.ports) <= 1;
  const targets = urls === undefined ? servers : isOneEnough ? 1 : await targetAddresses(urls, ip);
  if (hasSegment(k6Args, env)) return servers;
  const problem = limitProblem(plan, processes, host, { targets, sources });
  if (problem) throw new ExitError(problem, EXIT_BAD_INPUT);
  if (oneServer !== undefined && urls === undefined && servers > 1) {
    throw new ExitError(
      `The ${oneServer} server is one process, which has open files or ports for a part of these connections only: fewer connections, or a server of your own (WS_URL).`,
      EXIT_BAD_INPUT,
    );
  }
  return servers;
}
