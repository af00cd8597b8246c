// The environment that k6 gets from `npm start`: settings in it are in no process list, as `-e` arguments would be, and
// each of thousands of VUs holds a copy of it, so it is small.

import { thisSystem } from './this-system.mjs';

/** The scenarios over `k6/ws`: one VU for each connection, whose memory is worth the CPU of collecting it earlier. */
const OVER_K6_WS = ['concurrent', 'storm', 'churn'];
/** 10,000 connections held for 30 s: 1,924 MB instead of 2,241, for 30 instead of 24 s of CPU. */
const GOGC_OVER_K6_WS = '50';

/** What k6 and Go read. GO and capitals alone: not GOOGLE_APPLICATION_CREDENTIALS. */
const FOR_K6 = [
  /^K6_/,
  /^(?:HTTP|HTTPS|ALL|NO)_PROXY$/i,
  /^SSL_CERT_/,
  /^GO[A-Z]+$/,
  /^OTEL_/,
  /^(?:PATH|HOME|XDG_CONFIG_HOME|TERM|NO_COLOR|SSLKEYLOGFILE|XK6_DASHBOARD_CONFIG)$/,
];
/** Without SystemRoot no program of Windows opens a socket; the others are where it keeps what Unix has in HOME. */
const FOR_WINDOWS =
  /^(?:PATH|PATHEXT|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|TEMP|TMP|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA)$/i;

/**
 * @param {object} run
 * @param {string} run.scenario Decides GOGC, unless the user set it.
 * @param {Record<string, string>} run.settings All that the test is to know: WS_ settings and what else came by -e.
 * @param {string} [run.k6Version] Its version, for the report: k6 tells a script neither that nor where it runs.
 * @param {string} run.folder Where the user typed the command: k6's PWD.
 * @param {NodeJS.ProcessEnv} [run.env] What is not for k6 stays out; its WS_ variables are among `settings` already.
 * @param {NodeJS.Platform} [run.platform]
 * @returns {Record<string, string>}
 */
export function k6Environment({
  scenario,
  settings,
  folder,
  k6Version,
  env = process.env,
  platform = process.platform,
}) {
  const isForK6 = (/** @type {string} */ name) =>
    FOR_K6.some((pattern) => pattern.test(name)) || (platform === 'win32' && FOR_WINDOWS.test(name));
  /** @type {Record<string, string>} */
  const small = {};
  if (OVER_K6_WS.includes(scenario)) small['GOGC'] = GOGC_OVER_K6_WS;
  for (const [name, value] of Object.entries(env)) {
    // The settings themselves would be kept from the test by this one.
    if (value !== undefined && isForK6(name) && name !== 'K6_INCLUDE_SYSTEM_ENV_VARS') small[name] = value;
  }
  const versions = k6Version === undefined ? {} : { LOAD_TEST_K6_VERSION: k6Version, LOAD_TEST_SYSTEM: thisSystem() };
  return { ...small, PWD: folder, ...settings, ...versions };
}
