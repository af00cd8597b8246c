import { EXIT_BAD_INPUT, ExitError } from '../exit-error.mjs';
import { turnLocalIps } from './local-ips.mjs';

/** Stands for the number of the process in the arguments for k6. */
const PLACEHOLDER = '{process}';

/** What each process gets by itself. */
const OURS = /^(?:--address|-a|--execution-segment|--execution-segment-sequence)(?:=|$)/;
const OUR_VARIABLES = ['K6_ADDRESS', 'K6_EXECUTION_SEGMENT', 'K6_EXECUTION_SEGMENT_SEQUENCE'];
/** Arguments and K6_OUT that name one file for all; k6's dashboard does where it records. */
const FILES =
  /^(?:(?:--out|-o)=?(?:(?:json|csv)=|web-dashboard=.*\b(?:record|export)=)|--(?:summary-export|console-output)=|--log-output=file)/;
/** The same with the value in the next argument. */
const WITH_VALUE = /^(?:--out|-o|--summary-export|--console-output|--log-output|--traces-output)$/;

/**
 * k6's arguments as one list of those that belong together, `--out json=x` as `--out=json=x`.
 *
 * @param {string[]} args
 */
function joined(args) {
  const list = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = /** @type {string} */ (args[i]);
    if (WITH_VALUE.test(arg) && i + 1 < args.length) {
      i += 1;
      list.push(`${arg}=${args[i]}`);
    } else {
      list.push(arg);
    }
  }
  return list;
}

/**
 * Refuses what several processes cannot have: an address or a segment of the user's, one file or one page for all.
 *
 * @param {string[]} args The user's, for `k6 run`.
 * @param {NodeJS.ProcessEnv} env The user's.
 * @param {boolean} [hasDashboard] `--dashboard` of npm start.
 * @throws {ExitError} With code 2.
 */
export function refuseForProcesses(args, env, hasDashboard = false) {
  const refuse = (/** @type {string} */ what) => {
    throw new ExitError(`With --processes, ${what}`, EXIT_BAD_INPUT);
  };
  const list = joined(args);
  const own = list.find((arg) => OURS.test(arg)) ?? OUR_VARIABLES.find((name) => env[name]);
  if (own) refuse(`each process has an address and a segment of its own: leave out ${own.replace(/=.*/s, '')}.`);
  const outputs = (env['K6_OUT'] ?? '').split(',').map((output) => `--out=${output.trim()}`);
  const all = [...list, ...(list.some((arg) => /^(?:--out|-o)\b/.test(arg)) ? [] : outputs)];
  // With port -1 there is no page, only what it records.
  const isLive =
    all.some((arg) => /^(?:--out|-o)=?web-dashboard(?!=(?:.*&)?port=-1(?:&|$))/.test(arg)) ||
    env['K6_WEB_DASHBOARD'] === 'true';
  if (hasDashboard || isLive) {
    refuse(
      "there is no live page: k6's shows one process with its part of the connections. Leave it out; Prometheus and Grafana show all together (docs/monitoring.md).",
    );
  }
  const shared = all.find((arg) => FILES.test(arg) && !arg.includes(PLACEHOLDER));
  if (shared) {
    const [, option = '', value = ''] = /^(-o|--[\w-]+)=?(.*)$/s.exec(shared) ?? [];
    refuse(
      `all would write the same file by ${option}: put ${PLACEHOLDER} into its name, for example ${exampleFor(option, value)}.`,
    );
  }
}

/** @param {string} option @param {string} value */
function exampleFor(option, value) {
  if (option === '--log-output') return `--log-output file=k6-${PLACEHOLDER}.log`;
  if (option !== '--out' && option !== '-o') return `${option} file-${PLACEHOLDER}`;
  if (value.startsWith('web-dashboard')) {
    return `--out 'web-dashboard=port=-1&period=1s&tag=reason&record=results/process-${PLACEHOLDER}/series.ndjson.gz'`;
  }
  return `--out ${value.startsWith('csv') ? 'csv' : 'json'}=samples-${PLACEHOLDER}.${value.startsWith('csv') ? 'csv' : 'json'}`;
}

/**
 * Whether this host has a part of the test only, since others have the rest.
 *
 * @param {string[]} args The user's.
 * @param {NodeJS.ProcessEnv} env The user's.
 */
export function hasSegment(args, env) {
  return args.some((arg) => /^--execution-segment(?:=|$)/.test(arg)) || Boolean(env['K6_EXECUTION_SEGMENT']);
}

/**
 * What the user gave by `--local-ips` or K6_LOCAL_IPS.
 *
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function localIpsIn(args, env) {
  const at = args.findIndex((arg) => /^--local-ips(?:=|$)/.test(arg));
  if (at === -1) return env['K6_LOCAL_IPS'] || undefined;
  const arg = /** @type {string} */ (args[at]);
  return arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : args[at + 1];
}

/**
 * The user's arguments for one of the processes.
 *
 * @param {string[]} args
 * @param {number} number Of the process, from 1.
 * @param {{ text: string, steps: number } | undefined} localIps What was given, and how many addresses the processes
 *   before this one have taken.
 * @returns {string[]}
 */
export function argumentsFor(args, number, localIps) {
  const own = args.map((arg) => arg.replaceAll(PLACEHOLDER, String(number)));
  if (!localIps) return own;
  const at = own.findIndex((arg) => /^--local-ips(?:=|$)/.test(arg));
  if (at !== -1) own.splice(at, own[at]?.includes('=') ? 1 : 2);
  return [...own, '--local-ips', turnLocalIps(localIps.text, localIps.steps)];
}
