import { capture } from '../capture.mjs';
import { endOfK6 } from '../end-of-k6.mjs';
import { ExitError } from '../exit-error.mjs';
import { shareOfProcess } from './segments.mjs';

/**
 * Connections of one k6 scenario.
 *
 * @typedef {object} Load
 * @property {number} connections All that it plans.
 * @property {number} perVu
 * @property {number} atOnce The most that are open at one time.
 */

/**
 * The scenarios of a script that open connections, one after the other if there are several.
 *
 * @typedef {Load[]} Plan
 */

/**
 * Asks k6 what a script plans with these settings. It is in the environment of its k6 scenarios, which says the same in
 * a bundle of a release as here.
 *
 * @param {string} k6
 * @param {string} script
 * @param {{ env: NodeJS.ProcessEnv, cwd: string }} options env: with the settings.
 * @param {boolean} isFatal What is done if k6 cannot run it: end with its words, or plan nothing.
 * @returns {Promise<Plan>}
 * @throws {ExitError} With k6's words and code, if that is fatal.
 */
export async function inspectOrEnd(k6, script, options, isFatal) {
  // Not by -e, which every user of the machine could read.
  const { code, stdout, stderr } = await capture(k6, ['inspect', '--include-system-env-vars', script], options);
  if (code === 0) return planIn(JSON.parse(stdout));
  if (!isFatal) return [];
  throw new ExitError(stderr.trim() || `k6 cannot read ${script}.`, endOfK6(code, null).exitCode);
}

/**
 * @param {any} options k6's, as `k6 inspect` prints them.
 * @returns {Plan}
 */
export function planIn({ scenarios }) {
  return Object.values(scenarios ?? {}).flatMap(({ env, preAllocatedVUs }) => {
    const connections = Number(env?.RUN_connections);
    const perVu = Number(env?.RUN_perVu);
    if (!(connections > 0 && perVu > 0)) return [];
    // Where connections arrive on their own there are VUs for those of one time only.
    return [{ connections, perVu, atOnce: preAllocatedVUs > 0 ? Math.min(connections, preAllocatedVUs) : connections }];
  });
}

/** @param {Plan} plan */
export function mostAtOnce(plan) {
  return Math.max(0, ...plan.map(({ atOnce }) => atOnce));
}

/**
 * @param {Plan} plan
 * @param {number} index Of the process, from 0.
 * @param {number} processes
 * @returns {number} Connections that are planned for it.
 */
export function plannedFor(plan, index, processes) {
  return plan.reduce((sum, load) => sum + shareOfProcess(load, index, processes).connections, 0);
}

/**
 * @param {Plan} plan
 * @param {number} processes
 * @returns {number} The most that one of them has open at one time.
 */
export function mostOfOne(plan, processes) {
  const most = plan.map(
    ({ atOnce, perVu }) => shareOfProcess({ connections: atOnce, perVu }, 0, processes).connections,
  );
  return Math.max(0, ...most);
}

/** @param {Plan} plan @returns {number} Processes that get a VU each in every scenario. */
export function mostProcesses(plan) {
  return Math.min(...plan.map(({ connections, perVu }) => Math.ceil(connections / perVu)));
}
