// `npm start [-- [scenario] [-e NAME=value ...] [k6 arguments]]`: everything from a bare clone to the report of a run.
// `npm start -- --help` explains.
//
// Exit codes: k6's own (0 all targets met, 99 a target missed, 105 interrupted); 1 this Node is too old, the build
// failed or the target server did not start; 2 bad arguments; 127 no k6 or no npm could be had; npm's if `npm ci` failed.
import './lib/require-node.mjs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { demoSettings } from './lib/demo.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { EXIT_BAD_INPUT, ExitError, runAsScript } from './lib/exit-error.mjs';
import { findK6 } from './lib/find-k6.mjs';
import { freePort } from './lib/free-port.mjs';
import { ROOT, scenarioNames } from './lib/project.mjs';
import { runK6 } from './lib/run-k6.mjs';
import { runStep } from './lib/run-step.mjs';
import { say } from './lib/say.mjs';
import { parseStartArguments } from './lib/start-arguments.mjs';
import { startTargetProcess } from './lib/target-process.mjs';

const HELP = `Usage: npm start [-- [scenario] [-e NAME=value ...] [k6 arguments]]

Installs the npm packages, finds or gets k6, builds the scripts, and runs one of them:
  ${scenarioNames().join(', ')} (default: concurrent)

Without WS_URL it starts an echo server on this machine, holds 1,000 connections to it for 15 s, and prints what
the server counted beside the report of k6. With WS_PROFILE, the profile decides the sizes.

  npm start
  npm start -- -e WS_CONNECTIONS=5000 -e WS_HOLD=1m
  npm start -- concurrent -e WS_URL=wss://example.com/socket -e WS_PROFILE=smoke
  npm start -- --dashboard -e WS_RESULTS_DIR=results
  npm start -- --out json=samples.json

--dashboard shows the run live in a browser, at an address that it prints; k6 then ends when the page is closed. With
WS_RESULTS_DIR the folder is made and gets summary.json, junit.xml and the same charts as report.html.

WS_ variables of the environment count as -e, which wins over them. All other arguments go to "k6 run".
The exit code is k6's: 0 all targets met, 99 a target missed.
`;

/** @param {string[]} args */
async function main(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return 0;
  }
  const hasDashboard = args.includes('--dashboard');
  const { scenario, settings, apiAddress, k6Args } = parseStartArguments(
    args.filter((argument) => argument !== '--dashboard'),
    scenarioNames(),
  );
  await ensureDependencies();
  const k6 = await findK6();
  say(`Using k6 v${k6.version}: ${k6.path}`);
  say('Building the scripts (node build.mjs).');
  const built = await runStep(process.execPath, ['build.mjs'], { quietStdout: true });
  if (built !== 0) throw new ExitError('The build failed; its reason is above.', 1);

  const target = settings['WS_URL'] === undefined ? await startTargetProcess() : undefined;
  try {
    const address = apiAddress ?? settings['WS_GENERATOR_ADDRESS'] ?? `127.0.0.1:${await freePort()}`;
    const all = demoSettings(scenario, settings, {
      generatorAddress: address,
      ...(target && { targetUrl: target.url }),
    });
    if (target) say(`Target server: ${target.url}`);
    const code = await runK6(k6.path, [
      'run',
      ...(await dashboardArguments(hasDashboard, all['WS_RESULTS_DIR'])),
      ...(apiAddress === undefined ? ['--address', address] : []),
      '--profiling-enabled',
      // Each of thousands of VUs would hold a copy of the environment.
      '--include-system-env-vars=false',
      ...Object.entries(all).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      ...k6Args,
      path.join(ROOT, 'dist', `${scenario}.js`),
    ]);
    if (target) process.stdout.write(describeCounts(await target.finalStats()));
    if (!hasDashboard) say('To watch a run live in a browser: npm start -- --dashboard');
    return code;
  } finally {
    await target?.stop();
  }
}

/**
 * k6's own dashboard with the layout of this project: live in a browser, as report.html in the results folder, or both.
 *
 * @param {boolean} isLive
 * @param {string | undefined} resultsDir is made if it is not there.
 */
async function dashboardArguments(isLive, resultsDir) {
  if (resultsDir) {
    await mkdir(resultsDir, { recursive: true }).catch((error) => {
      throw new ExitError(
        `WS_RESULTS_DIR=${resultsDir}: expected a folder that is there or can be made (${error.code}). Example: npm start -- -e WS_RESULTS_DIR=results`,
        EXIT_BAD_INPUT,
      );
    });
  }
  if (!isLive && !resultsDir) return [];
  // k6 reads the layout from the working directory, which need not be ours.
  process.env['XK6_DASHBOARD_CONFIG'] ??= path.join(ROOT, '.dashboard.json');
  const port = isLive ? await freePort() : -1;
  if (isLive) say(`Live view: http://127.0.0.1:${port}/`);
  const file = resultsDir ? `&export=${encodeURIComponent(path.join(resultsDir, 'report.html'))}` : '';
  return ['--out', `web-dashboard=host=127.0.0.1&port=${port}&period=2s&tag=reason${file}`];
}

/** @param {import('./lib/echo-server.mjs').Stats} stats */
function describeCounts({ accepted, refused, open, peakOpen, received, answered }) {
  const format = (/** @type {number} */ count) => count.toLocaleString('en-US');
  const counted = (/** @type {number} */ count, /** @type {string} */ noun) =>
    `${format(count)} ${noun}${count === 1 ? '' : 's'}`;
  return (
    `\nThe target server counted ${counted(accepted, 'connection')} accepted, ${format(peakOpen)} open at one time, ` +
    `${format(refused)} refused, ${format(open)} still open;\n` +
    `${counted(received, 'message')} received, ${format(answered)} answered.\n`
  );
}

await runAsScript(import.meta.url, main);
