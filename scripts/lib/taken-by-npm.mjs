// npm takes options for itself that stand before `--`; and npm.ps1 before npm 10.9.3 and 11.4.2 never sees the `--` that
// was typed in PowerShell. Then the user's server is not tested, but the one that comes with the package.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { IS_PACKAGE, START } from './project.mjs';

/** Options of ours and of k6 that are none of npm's; npm leaves in npm_config_NAME what it does not know. */
const FLAGS = [
  'e',
  'env',
  'dashboard',
  'conversation',
  'processes',
  'out',
  'execution_segment',
  'summary_mode',
  'summary_export',
];
/** npm's log begins with its version, its configuration files and its arguments. */
const LOG_BYTES = 16_384;
/** From npm's start to the script's; an older log is not of the npm that runs this, which then writes none. */
const LOG_AGE_MS = 60_000;

/**
 * What npm took of a command line that was meant for the script. `-e` leaves no trace in the environment, since npm takes
 * it for its own --enjoy-by and then finds that it is no date; but npm's log has the arguments.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string[]} As they were typed, without values, which can hold secrets: `-e WS_URL=…`, `--dashboard`.
 */
export function takenByNpm(env = process.env) {
  if (env['npm_lifecycle_event'] === undefined) return [];
  const flags = FLAGS.filter((flag) => env[`npm_config_${flag}`] !== undefined);
  const attached = Object.keys(env).flatMap((name) => /^npm_config_e(ws_\w+)$/i.exec(name)?.[1]?.toUpperCase() ?? []);
  const settings = [...attached, ...settingsInLog(env)].map((name) => `-e ${name}=…`);
  const isSetting = (/** @type {string} */ flag) => flag === 'e' || flag === 'env';
  return [
    ...settings,
    ...flags
      .filter((flag) => !isSetting(flag) || settings.length === 0)
      .map((flag) => (isSetting(flag) ? '-e NAME=…' : `--${flag.replaceAll('_', '-')}`)),
  ];
}

/**
 * @param {string[]} taken Not empty.
 * @returns {string} For the user, with the line to type.
 */
export function describeTaken(taken) {
  return (
    `npm took ${taken.join(' ')} for itself and handed nothing of it on: the -- was not typed, or it was lost on the way, ` +
    'as with some versions of npm in PowerShell. Nothing was run. This works in every shell:\n' +
    (IS_PACKAGE
      ? `  ${START} ${taken.join(' ')}`
      : `  node scripts/start.mjs ${taken.join(' ')}\n` +
        'and so does a second -- behind the first: npm start -- -- -e NAME=value')
  );
}

/**
 * Names of the settings among npm's own options, by the log of the npm that runs this.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function settingsInLog(env) {
  const folder = env['npm_config_logs_dir'] || (env['npm_config_cache'] && path.join(env['npm_config_cache'], '_logs'));
  const words = folder ? argumentsInLog(folder, commandOf(env)) : [];
  const end = words.indexOf('--');
  const npms = end === -1 ? words : words.slice(0, end);
  return npms.flatMap((word) => /^(?:--\w[\w-]*=)?(WS_\w+)=/s.exec(word)?.[1] ?? []);
}

/**
 * What npm runs, as its log has it: `npm exec` calls itself npx in the environment.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function commandOf(env) {
  const event = env['npm_lifecycle_event'];
  return event === 'npx' ? 'exec' : event;
}

/**
 * The arguments of the npm that began last.
 *
 * @param {string} folder
 * @param {string | undefined} command The script that npm runs: `start`.
 * @returns {string[]} Empty if there is no log, or it is of another command.
 */
function argumentsInLog(folder, command) {
  try {
    const newest = readdirSync(folder)
      .filter((name) => /-debug-0\.log$/.test(name))
      .sort()
      .at(-1);
    if (!newest || Date.now() - beginOf(newest) > LOG_AGE_MS) return [];
    const [, line = ''] = /^\d+ verbose argv (.*)$/m.exec(beginningOf(path.join(folder, newest))) ?? [];
    const words = [...line.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([word]) => String(JSON.parse(word)));
    return words.includes(String(command)) ? words : [];
  } catch {
    // Without the log there is nothing to notice it by.
    return [];
  }
}

/**
 * @param {string} log Its name: `2026-11-26T08_55_56_606Z-debug-0.log`
 * @returns {number} ms since 1970.
 */
function beginOf(log) {
  return Date.parse(log.replace(/^([\d-]+T\d\d)_(\d\d)_(\d\d)_(\d+)Z.*$/, '$1:$2:$3.$4Z'));
}

/** @param {string} file */
function beginningOf(file) {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(LOG_BYTES);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, LOG_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}
