// `npm start [-- [scenario] [-e NAME=value ...] [k6 arguments]]`: everything from a bare clone to the report of a run.
// `npm start -- --help` explains.
//
// Exit codes (npm's own, if `npm ci` failed):
//   0, 99, 97 to 110, 255   k6's own: all targets met; a target missed, or the books do not balance; 105 interrupted, and
//                           what else k6 documents
//   1    this Node is too old, the build failed or the target server did not start
//   2    bad arguments, settings, folders or LOAD_TEST_ variables, or npm took the arguments: nothing was run
//   3    k6 crashed or was killed: its 1 and 2, and the crash codes of Windows (lib/end-of-k6.mjs)
//   4    k6 said 0, but left no summary.json in WS_RESULTS_DIR
//   127  no k6 or no npm could be had
//   128 + n  k6 was ended by signal n: 137 by SIGKILL, mostly for want of memory
// With --processes: 0 or 99 by the report over all; else the code that the first process ended with that left no report,
// 4 if that was 0 or 99, or if the report over all could not be made or written; else the first that is neither (105).
import './lib/require-node.mjs';
import path from 'node:path';
import { COMMANDS } from './lib/commands.mjs';
import { checkDashboardPort, dashboardVariables, usersDashboardPort } from './lib/dashboard.mjs';
import { demoSettings } from './lib/demo.mjs';
import { DEMO_CONVERSATIONS, demoConversation } from './lib/demo-conversations.mjs';
import { planRestart, takeRestart } from './lib/demo-restart.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { describeCounts, describeEchoCounts } from './lib/describe-counts.mjs';
import { ensureBuilt } from './lib/ensure-built.mjs';
import { EXIT_BAD_INPUT, ExitError, runAsScript } from './lib/exit-error.mjs';
import { findK6 } from './lib/find-k6.mjs';
import { freePort } from './lib/free-port.mjs';
import { startHostSampler } from './lib/host-sampler.mjs';
import { makeHtmlReport } from './lib/html-report.mjs';
import { k6Environment } from './lib/k6-environment.mjs';
import { memoryLimit } from './lib/memory-limit.mjs';
import { requirePackage } from './lib/needed-package.mjs';
import { checkLimits } from './lib/processes/check-limits.mjs';
import { localIpsIn, refuseForProcesses } from './lib/processes/k6-arguments.mjs';
import { inspectOrEnd, mostOfOne } from './lib/processes/plan.mjs';
import { runProcesses } from './lib/processes/run.mjs';
import { IS_PACKAGE, ROOT, START, scenarioNames } from './lib/project.mjs';
import { EXIT_NO_RESULTS, openResultsFolder } from './lib/results-folder.mjs';
import { runK6 } from './lib/run-k6.mjs';
import { say } from './lib/say.mjs';
import { parseStartArguments } from './lib/start-arguments.mjs';
import { describeTaken, takenByNpm } from './lib/taken-by-npm.mjs';
import { startTargetProcesses } from './lib/target-processes.mjs';
import { typedFolder, withAbsolutePaths } from './lib/typed-paths.mjs';
import { openVerdict } from './lib/verdict.mjs';

/** Stands for an address that is not known yet. */
const NOWHERE = '127.0.0.1:1';

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
reconnect kills that server in the hold and starts it again after 3 s; -e WS_RESTART_AT=20s says when, in seconds after the
start of k6. A server of your own you restart yourself.

  ${START.replace(/ --$/, '')}
  ${START} -e WS_CONNECTIONS=5000 -e WS_HOLD=1m
  ${START} concurrent -e WS_URL=wss://example.com/socket -e WS_PROFILE=smoke
  ${START} --dashboard -e WS_RESULTS_DIR=results
  ${START} --conversation chat
  ${START} reconnect
  ${START} --out json=samples.json
  ${START} multiplexed --processes 4 -e WS_CONNECTIONS=40000
${IS_PACKAGE ? '' : '\nSome versions of npm lose the -- in PowerShell; the second form works in every shell.\n'}
--dashboard shows the run live in a browser, at an address that it prints; k6 then ends when the page is closed. With
WS_RESULTS_DIR, also without --dashboard, the folder is made and gets summary.json, junit.xml and report.html: the report as
one file for a browser, with charts over time.

--conversation NAME starts a server that comes with the package and speaks its language, with the same sizes, by default
over multiplexed, which needs less memory for a module of yours:
  ${Object.keys(DEMO_CONVERSATIONS).join(', ')}

--processes N splits the test over N k6 processes of this host (1 to 64), where one may not open enough files: one
progress line, one report, one verdict. WS_RESULTS_DIR gets their summary.json too, in process-1 and so on.

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
    processes,
    k6Args,
  } = parseStartArguments(args, scenarioNames());
  const usersEnv = { ...process.env, ...given };
  if (processes > 1) refuseForProcesses(k6Args, usersEnv, hasDashboard);
  if (hasDashboard) await checkDashboardPort(usersEnv);
  const folder = typedFolder();
  const settings = withAbsolutePaths(given, folder);
  const restartAtMs = takeRestart(scenario, settings);
  const demo = conversation === undefined ? undefined : demoConversation(conversation, settings);
  const resultsDir = settings['WS_RESULTS_DIR'];
  const missingResults = resultsDir === undefined ? undefined : await openResultsFolder(resultsDir, processes);

  if (!IS_PACKAGE) await ensureDependencies();
  else if (demo?.needs) requirePackage(demo.needs, conversation);
  const k6 = await findK6();
  say(`Using k6 v${k6.version}: ${k6.path}`);
  if (!IS_PACKAGE) await ensureBuilt(scenario);

  const users = demo?.users ? (settings['WS_USERS'] ?? path.join(ROOT, demo.users)) : undefined;
  const script = path.join(ROOT, 'dist', `${scenario}.js`);
  /** @type {import('./lib/host-sampler.mjs').HostSampler | undefined} */
  let host;
  const environment = (/** @type {string} */ generatorAddress, /** @type {string | undefined} */ targetUrl) => {
    const all = demoSettings(scenario, settings, {
      generatorAddress,
      ...(host && { hostMetrics: host.url }),
      ...(targetUrl !== undefined && { targetUrl }),
      ...(demo && { conversation: pathOrName(demo.module) }),
      ...(users !== undefined && { users }),
    });
    const env = k6Environment({ scenario, settings: all, folder, k6Version: k6.version });
    const connections = mostOfOne(plan, processes);
    return { ...env, ...memoryLimit({ scenario, conversation: all['WS_CONVERSATION'], connections, env }) };
  };
  const usersUrl = settings['WS_URL'];
  /** @type {import('./lib/processes/plan.mjs').Plan} */
  let plan = [];
  const env = environment(NOWHERE, usersUrl === undefined ? `ws://${NOWHERE}/` : undefined);
  // What is wrong with the settings of a single run, k6 says when it runs.
  plan = await inspectOrEnd(k6.path, script, { env, cwd: folder }, processes > 1);
  const servers = await checkLimits({
    plan,
    processes,
    urls: usersUrl,
    ip: settings['WS_IP'],
    k6Args,
    env: usersEnv,
    oneServer: demo && conversation,
  });
  const target =
    usersUrl === undefined
      ? await startTargetProcesses(servers, demo?.server, users === undefined ? [] : ['--users', users])
      : undefined;
  // Who wants no thresholds wants no exit code of theirs.
  const isJudged = !k6Args.includes('--no-thresholds') && usersEnv['K6_NO_THRESHOLDS'] !== 'true';
  /** @type {import('./lib/verdict.mjs').Verdict | undefined} */
  let verdict;
  let code;
  try {
    if (settings['WS_HOST_METRICS'] === undefined) host = await startHostSampler();
    if (target) say(`Target server: ${target.url.replaceAll(',', ', ')}`);
    /** @type {(() => Promise<void>) | undefined} */
    let restarted;
    const began = () => {
      if (target && restartAtMs !== undefined) restarted = planRestart(target, restartAtMs);
    };
    if (processes > 1) {
      const several = { processes, plan, localIps: localIpsIn(k6Args, usersEnv), resultsDir };
      const common = { k6: k6.path, script, k6Args, cwd: folder };
      code = await runProcesses({
        ...common,
        ...several,
        env: environment(NOWHERE, target?.url),
        started: host?.watch,
        began,
      });
    } else {
      const address = apiAddress ?? settings['WS_GENERATOR_ADDRESS'] ?? `127.0.0.1:${await freePort()}`;
      const livePort = hasDashboard ? (usersDashboardPort(usersEnv) ?? (await freePort())) : undefined;
      if (livePort) say(`Live view: http://127.0.0.1:${livePort}/`);
      verdict = await openVerdict();
      const env = {
        ...environment(address.replace(/^:/, '127.0.0.1:'), target?.url),
        ...dashboardVariables({ livePort, resultsDir, k6Args, env: usersEnv }),
        ...(isJudged && verdict.variables),
      };
      const k6Address = apiAddress === undefined ? ['--address', address] : [];
      began();
      const line = ['run', ...k6Address, '--profiling-enabled', ...k6Args, script];
      const options = { env, cwd: folder, temporary: verdict.folder };
      code = await verdict.over(await runK6(k6.path, line, options, host?.watch));
    }
    await restarted?.();
    if (target) await tellCounts(target, conversation);
  } finally {
    await host?.stop();
    await target?.stop();
    await verdict?.forget();
  }
  if (!hasDashboard && processes === 1 && [0, 99].includes(code))
    say(`To watch a run live in a browser: ${START} --dashboard`);
  const missing = await missingResults?.();
  if (missing === undefined) {
    // That of several processes is made with their merged result.
    if (resultsDir !== undefined && processes === 1) await leaveReport(resultsDir);
    return code;
  }
  say(missing);
  return code === 0 ? EXIT_NO_RESULTS : code;
}

/**
 * Draws report.html. Where that fails, the one that k6 wrote stays, without charts, and the verdict with it.
 *
 * @param {string} resultsDir
 */
async function leaveReport(resultsDir) {
  try {
    say(await makeHtmlReport(resultsDir));
  } catch (error) {
    say(`report.html stays without charts: ${/** @type {Error} */ (error).message}`);
  }
}

/**
 * Prints what the server counted, or what happened to it: k6's verdict stands in either case.
 *
 * @param {import('./lib/target-processes.mjs').TargetProcesses} target
 * @param {string | undefined} conversation
 */
async function tellCounts(target, conversation) {
  try {
    const stats = /** @type {any} */ (await target.finalStats());
    const text =
      conversation === undefined ? describeEchoCounts(stats, target.count) : describeCounts(conversation, stats);
    process.stdout.write(`\n${text}`);
    say(`This was a demo against the server${target.count > 1 ? 's' : ''} above: no WS_URL was given.`);
  } catch (error) {
    say(/** @type {Error} */ (error).message);
  }
}

/** @param {string} module Of a demo. */
function pathOrName(module) {
  return module.includes('/') ? path.join(ROOT, module) : module;
}

await runAsScript(import.meta.url, main);
