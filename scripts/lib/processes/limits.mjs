import { mostAtOnce, mostOfOne, mostProcesses } from './plan.mjs';
import { MOST_PROCESSES } from './segments.mjs';

/** Files that k6 has open beside its connections (about 30), and a few that are just closing. */
const SPARE_FILES = 100;
/** Ports of the system's range that others have: listeners, what is in TIME_WAIT. */
const SPARE_PORTS = 100;

/**
 * @typedef {object} Host
 * @property {number} files A process may have open.
 * @property {number} ports For outgoing connections.
 * @property {boolean} [portsAreOfHost] A connection takes one whatever its target and source address: Go on Windows binds
 *   each socket to a free port before it connects.
 */

/**
 * Why this host cannot hold these connections, and what to type; undefined if it can, as far as files and ports go.
 *
 * @param {import('./plan.mjs').Plan} plan
 * @param {number} processes
 * @param {Host} host
 * @param {object} way
 * @param {number} way.targets Addresses with a port.
 * @param {number | null} way.sources Addresses of `--local-ips`; null: the system chooses the one.
 * @returns {string | undefined}
 */
export function limitProblem(plan, processes, host, { targets, sources }) {
  if (plan.length === 0) return undefined;
  if (processes > mostProcesses(plan)) return tooManyProcesses(plan, processes);
  const problems = [
    host.portsAreOfHost
      ? hostPortProblem(mostAtOnce(plan), host.ports)
      : portProblem(mostAtOnce(plan), host.ports, targets, sources),
    fileProblem(plan, processes, host.files),
  ].filter((problem) => problem !== undefined);
  return problems.length === 0 ? undefined : problems.join('\n');
}

/**
 * How many servers on this host hold so many connections, each with a port and open files of its own.
 *
 * @param {number} connections
 * @param {Host} host
 * @param {number | null} sources As above.
 * @returns {number} From 1.
 */
export function serversFor(connections, { files, ports, portsAreOfHost = false }, sources) {
  const byFiles = Math.ceil(connections / Math.max(1, files - SPARE_FILES));
  // Bound to an address, a port is not used twice, whatever the target.
  const byPorts = sources === null && !portsAreOfHost ? addressesFor(connections, ports) : 1;
  return Math.max(1, byFiles, byPorts);
}

/**
 * How many targets, or source addresses, have ports for so many connections.
 *
 * @param {number} connections
 * @param {number} ports Of one.
 * @returns {number}
 */
export function addressesFor(connections, ports) {
  return Math.ceil(connections / Math.max(1, ports - SPARE_PORTS));
}

/**
 * @param {import('./plan.mjs').Plan} plan
 * @param {number} processes
 * @param {number} files
 */
function fileProblem(plan, processes, files) {
  const most = mostOfOne(plan, processes);
  if (most + SPARE_FILES <= files) return undefined;
  const enough = Array.from({ length: Math.min(MOST_PROCESSES, mostProcesses(plan)) }, (_, i) => i + 1).find(
    (count) => mostOfOne(plan, count) + SPARE_FILES <= files,
  );
  const what =
    enough === undefined
      ? 'raise the limit'
      : `type --processes ${enough}, or raise the limit (ulimit -n ${Math.ceil((most + SPARE_FILES) / 1000) * 1000})`;
  return `${n(most)} connections in one k6 process need as many open files, and a process may open ${n(files)} here (ulimit -n): ${what}.`;
}

/**
 * @param {number} connections
 * @param {number} ports
 * @param {number} targets
 * @param {number | null} sources
 */
function portProblem(connections, ports, targets, sources) {
  const each = ports - SPARE_PORTS;
  const needed = addressesFor(connections, ports);
  // What `--local-ips` names is bound before it is known where it goes: its ports count once for all targets.
  if (sources !== null) {
    if (sources >= needed) return undefined;
    return `${n(connections)} connections need as many ports, and each of the ${n(sources)} source addresses of --local-ips has about ${n(each)} for all targets together, shared by all processes: give ${needed} addresses, or widen the range (docs/limits.md).`;
  }
  if (targets >= needed) return undefined;
  return `${n(connections)} connections need as many ports, and one source address reaches one target about ${n(each)} times, all processes together: ${needed} targets in WS_URL, ${needed} source addresses (--local-ips), or a wider range (docs/limits.md).`;
}

/**
 * @param {number} connections
 * @param {number} ports
 */
function hostPortProblem(connections, ports) {
  if (addressesFor(connections, ports) <= 1) return undefined;
  return `${n(connections)} connections need as many ports, and this host has about ${n(ports - SPARE_PORTS)} for all targets together: widen the range (docs/windows.md), or take more hosts (docs/distributed.md).`;
}

/**
 * @param {import('./plan.mjs').Plan} plan
 * @param {number} processes
 */
function tooManyProcesses(plan, processes) {
  const most = mostProcesses(plan);
  const load = /** @type {import('./plan.mjs').Load} */ (
    plan.find(({ connections, perVu }) => Math.ceil(connections / perVu) === most)
  );
  const smaller =
    load.perVu > 1 ? `, or WS_SOCKETS_PER_VU=${Math.max(1, Math.floor(load.connections / processes))}` : '';
  return `${n(load.connections)} connections with ${n(load.perVu)} on each VU are ${n(most)} VU${most === 1 ? '' : 's'}, which ${processes} processes cannot share: type --processes ${most}${smaller}.`;
}

/** @param {number} count */
function n(count) {
  return count.toLocaleString('en-US');
}
