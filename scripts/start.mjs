// `npm start [-- [scenario] [-e NAME=value ...] [k6 arguments]]`: everything from a bare clone to the report of a run.
// `npm start -- --help` explains.
//
// Exit codes (npm's own, if `npm ci` failed):
//   0, 99, 97 to 110, 255   k6's own: all targets met; a target missed; 105 interrupted, and what else k6 documents
//   1    this Node is too old, the build failed or the target server did not start
//   2    bad arguments, settings, folders or LOAD_TEST_ variables, or npm took the arguments: nothing was run
//   3    k6 crashed or was killed: its 1 and 2, and the crash codes of Windows (lib/end-of-k6.mjs)
//   4    k6 said 0, but left no summary.json in WS_RESULTS_DIR
//   127  no k6 or no npm could be had
//   128 + n  k6 was ended by signal n: 137 by SIGKILL, mostly for want of memory
import './lib/require-node.mjs';
import path from 'node:path';
import { COMMANDS } from './lib/commands.mjs';
import { dashboardVariables, usersDashboardPort } from './lib/dashboard.mjs';
import { demoSettings } from './lib/demo.mjs';
import { DEMO_CONVERSATIONS, demoConversation } from './lib/demo-conversations.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { describeCounts, describeEchoCounts } from './lib/describe-counts.mjs';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { EXIT_BAD_INPUT, ExitError, runAsScript } from './lib/exit-error.mjs';
import { findK6 } from './lib/find-k6.mjs';
import { freePort } from './lib/free-port.mjs';
import { startHostSampler } from './lib/host-sampler.mjs';
import { k6Environment } from './lib/k6-environment.mjs';
import { requirePackage } from './lib/needed-package.mjs';
import { IS_PACKAGE, ROOT, START, scenarioNames } from './lib/project.mjs';
import { EXIT_NO_RESULTS, openResultsFolder } from './lib/results-folder.mjs';
import { runK6 } from './lib/run-k6.mjs';
import { say } from './lib/say.mjs';
import { parseStartArguments } from './lib/start-arguments.mjs';
import { describeTaken, takenByNpm } from './lib/taken-by-npm.mjs';
import { startTargetProcess } from './lib/target-process.mjs';
import { typedFolder, withAbsolutePaths } from './lib/typed-paths.mjs';

const ARGUMENTS = '[scenario] [-e NAME=value ...] [k6 arguments]';
const USAGE = IS_PACKAGE
  ? `Usage: npx k6-websocket-concurrency ${ARGUMENTS}
       npx k6-websocket-concurrency ${COMMANDS.join('|')} ...
       npx k6-websocket-concurrency --version

Finds or gets k6, and runs a script in it:`
  : `Usage: npm start [-- ${ARGUMENTS}]
       node scripts/start.mjs ${ARGUMENTS}

Installs the npm packages, finds or gets k6, builds the scripts, and runs one of them:`;
const HELP = `${USAGE}
  ${scenarioNames().join(', ')} (default: concurrent)

Without WS_URL it starts an echo server on this machine, holds 1,000 connections to it for 15 s, and prints what
the server counted beside the report of k6. With WS_PROFILE, the profile decides the sizes.

  ${START.replace(/ --$/, '')}
  ${START} -e WS_CONNECTIONS=5000 -e WS_HOLD=1m
  ${START} concurrent -e WS_URL=wss://example.com/socket -e WS_PROFILE=smoke
  ${START} --dashboard -e WS_RESULTS_DIR=results
  ${START} --conversation chat
  ${START} --out json=samples.json
${IS_PACKAGE ? '' : '\nSome versions of npm lose the -- in PowerShell; the second form works in every shell.\n'}
--dashboard shows the run live in a browser, at an address that it prints; k6 then ends when the page is closed. With
WS_RESULTS_DIR the folder is made and gets summary.json, junit.xml and the same charts as report.html.

--conversation NAME starts a server that comes with the package and speaks its language, with the same sizes, by default
over multiplexed, which needs less memory for a module of yours:
  ${Object.keys(DEMO_CONVERSATIONS).join(', ')}

WS_ variables of the environment count as -e, which wins over them. Relative paths start where the command is typed.
k6 gets the settings in an environment of its own, with nothing in it but what it reads; what your conversation needs
besides, give by -e. All other arguments go to "k6 run".
The exit code is k6's: 0 all targets met, 99 a target missed.
`;

/** @param {string[]} args */
async function main(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return 0;
  }
  const taken = takenByNpm();
  if (taken.length > 0) throw new ExitError(describeTaken(taken), EXIT_BAD_INPUT);
  const {
    scenario,
    settings: given,
    apiAddress,
    hasDashboard,
    conversation,
    k6Args,
  } = parseStartArguments(args, scenarioNames());
  const folder = typedFolder();
  const settings = withAbsolutePaths(given, folder);
  const demo = conversation === undefined ? undefined : demoConversation(conversation, settings);
  const resultsDir = settings['WS_RESULTS_DIR'];
  const missingResults = resultsDir === undefined ? undefined : await openResultsFolder(resultsDir);

  if (!IS_PACKAGE) await ensureDependencies();
  else if (demo?.needs) requirePackage(demo.needs, conversation);
  const k6 = await findK6();
  say(`Using k6 v${k6.version}: ${k6.path}`);
  if (!IS_PACKAGE) await ensureBuilt(scenario);

  const users = demo?.users ? (settings['WS_USERS'] ?? path.join(ROOT, demo.users)) : undefined;
  const target =
    settings['WS_URL'] === undefined
      ? await startTargetProcess(demo?.server, users === undefined ? [] : ['--users', users])
      : undefined;
  let code;
  /** @type {import('./lib/host-sampler.mjs').HostSampler | undefined} */
  let host;
  try {
    if (settings['WS_HOST_METRICS'] === undefined) host = await startHostSampler();
    const address = apiAddress ?? settings['WS_GENERATOR_ADDRESS'] ?? `127.0.0.1:${await freePort()}`;
    const all = demoSettings(scenario, settings, {
      generatorAddress: address.replace(/^:/, '127.0.0.1:'),
      ...(host && { hostMetrics: host.url }),
      ...(target && { targetUrl: target.url }),
      ...(demo && { conversation: pathOrName(demo.module) }),
      ...(users !== undefined && { users }),
    });
    if (target) say(`Target server: ${target.url}`);
    const usersEnv = { ...process.env, ...settings };
    const livePort = hasDashboard ? (usersDashboardPort(usersEnv) ?? (await freePort())) : undefined;
    if (livePort) say(`Live view: http://127.0.0.1:${livePort}/`);
    const env = {
      ...k6Environment({ scenario, settings: all, folder }),
      ...dashboardVariables({ livePort, resultsDir, k6Args, env: usersEnv }),
    };
    const script = path.join(ROOT, 'dist', `${scenario}.js`);
    const k6Address = apiAddress === undefined ? ['--address', address] : [];
    const line = ['run', ...k6Address, '--profiling-enabled', ...k6Args, script];
    code = await runK6(k6.path, line, { env, cwd: folder }, host?.watch);
    if (target) await tellCounts(target, conversation);
  } finally {
    await host?.stop();
    await target?.stop();
  }
  if (!hasDashboard) say(`To watch a run live in a browser: ${START} --dashboard`);
  const missing = await missingResults?.();
  if (missing === undefined) return code;
  say(missing);
  return code === 0 ? EXIT_NO_RESULTS : code;
}

/**
 * Prints what the server counted, or what happened to it: k6's verdict stands in either case.
 *
 * @param {import('./lib/target-process.mjs').TargetProcess} target
 * @param {string | undefined} conversation
 */
async function tellCounts(target, conversation) {
  try {
    const stats = /** @type {any} */ (await target.finalStats());
    const text = conversation === undefined ? describeEchoCounts(stats) : describeCounts(conversation, stats);
    process.stdout.write(`\n${text}`);
    say('This was a demo against the server above: no WS_URL was given.');
  } catch (error) {
    say(/** @type {Error} */ (error).message);
  }
}

/** @param {string} module Of a demo. */
function pathOrName(module) {
  return module.includes('/') ? path.join(ROOT, module) : module;
}

await runAsScript(import.meta.url, main);
