import path from 'node:path';
import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';
import { portProblem } from './free-port.mjs';
import { RECORDING } from './html-report.mjs';
import { ROOT, START } from './project.mjs';

/** Nobody else's. */
const HOST = '127.0.0.1';

/**
 * k6's own dashboard with the layout of this project, by variables: as an `--out` argument it would take the place of
 * the outputs that the user chose by K6_OUT or in k6's configuration.
 *
 * @param {object} run
 * @param {number | undefined} run.livePort Where to show it live on this host; undefined: not at all.
 * @param {string | undefined} run.resultsDir Absolute; gets the recording, of which report.html is made.
 * @param {string[]} run.k6Args The user's.
 * @param {NodeJS.ProcessEnv} [run.env] The user's; what it says of the dashboard wins.
 * @returns {Record<string, string>} Empty where there is nothing to show.
 */
export function dashboardVariables({ livePort, resultsDir, k6Args, env = process.env }) {
  const isChosen = usesDashboard(k6Args, env['K6_OUT']);
  const isUsersOwn = isChosen || env['K6_WEB_DASHBOARD'] === 'true';
  if (livePort === undefined && resultsDir === undefined && !isUsersOwn) return {};
  /** @type {Record<string, string>} */
  const ours = {
    // k6 would look for the layout in its working directory alone.
    XK6_DASHBOARD_CONFIG: path.join(ROOT, '.dashboard.json'),
    // A page that is looked at is drawn anew each period; k6 makes it longer in long runs.
    K6_WEB_DASHBOARD_PERIOD: livePort === undefined ? '1s' : '2s',
    K6_WEB_DASHBOARD_TAGS: 'reason',
  };
  if (resultsDir !== undefined) ours['K6_WEB_DASHBOARD_RECORD'] = path.join(resultsDir, RECORDING);
  if (livePort !== undefined) ours['K6_WEB_DASHBOARD_HOST'] = HOST;
  // Nobody asked for a page: only the file.
  else if (!isUsersOwn) ours['K6_WEB_DASHBOARD_PORT'] = '-1';
  if (!isChosen) ours['K6_WEB_DASHBOARD'] = 'true';
  for (const name of Object.keys(ours)) ours[name] = env[name] ?? /** @type {string} */ (ours[name]);
  if (livePort === undefined) return ours;
  // What was asked for here and now beats what the environment says.
  return { ...ours, K6_WEB_DASHBOARD_PORT: String(livePort), ...(!isChosen && { K6_WEB_DASHBOARD: 'true' }) };
}

/**
 * The port for the live page: the user's, if the environment has one.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {number | undefined}
 */
export function usersDashboardPort(env) {
  const port = Number(env['K6_WEB_DASHBOARD_PORT']);
  return port > 0 ? port : undefined;
}

/**
 * Tries the user's port for the live page: where another program has it, k6 runs without a page, and the address that is
 * printed shows that program's.
 *
 * @param {NodeJS.ProcessEnv} env
 * @throws {ExitError} With code 2 if nothing can listen there.
 */
export async function checkDashboardPort(env) {
  const port = usersDashboardPort(env);
  const problem = port === undefined ? undefined : await portProblem(port, env['K6_WEB_DASHBOARD_HOST'] || HOST);
  if (problem === undefined) return;
  throw new ExitError(
    `K6_WEB_DASHBOARD_PORT=${env['K6_WEB_DASHBOARD_PORT']}: expected a port on which nothing listens yet, for the page of --dashboard (${problem}). Give another, or leave it out for a free one. Example: K6_WEB_DASHBOARD_PORT=5665 ${START} --dashboard`,
    EXIT_BAD_INPUT,
  );
}

/**
 * @param {string[]} k6Args
 * @param {string | undefined} outputs As K6_OUT has them.
 */
function usesDashboard(k6Args, outputs) {
  const isOne = (/** @type {string} */ text) => /^web-dashboard(?:=|$)/.test(text);
  const chosen = k6Args.flatMap((arg, i) => {
    const inline = /^(?:--out=|-o=?)(.+)$/s.exec(arg)?.[1];
    if (inline !== undefined) return [inline];
    return arg === '--out' || arg === '-o' ? [k6Args[i + 1] ?? ''] : [];
  });
  // As in k6: what the command line chooses takes the place of K6_OUT.
  return (chosen.length > 0 ? chosen : (outputs ?? '').split(',').map((text) => text.trim())).some(isOne);
}
