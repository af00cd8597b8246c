// One test by several k6 processes of this host: `node scripts/run-processes.mjs --processes 4 dist/multiplexed.js -e
// WS_URL=…`. As `npm start -- --processes 4`, but for scripts that are built already, and with your own server.
//
// Exit codes:
//   0, 99    the verdict over all processes: all targets met; a target missed
//   97 to 110, 255   k6's own, of the first process that ended with one: 105 interrupted, and what else k6 documents
//   2    bad arguments, settings or folders, or more than this host can hold: nothing was run
//   3    a k6 crashed or was killed: its 1 and 2, and the crash codes of Windows (lib/end-of-k6.mjs)
//   4    a k6 said 0 or 99, but left no summary.json, or that of all could not be made or written
//   127  no k6 could be had
//   128 + n  a k6 was ended by signal n: 137 by SIGKILL, mostly for want of memory
// A process that left no report decides (the first of them); then one that ended early; then the verdict.
import './lib/require-node.mjs';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT_BAD_INPUT, ExitError, runAsScript } from './lib/exit-error.mjs';
import { findK6 } from './lib/find-k6.mjs';
import { startHostSampler } from './lib/host-sampler.mjs';
import { k6Environment } from './lib/k6-environment.mjs';
import { memoryLimit } from './lib/memory-limit.mjs';
import { checkLimits } from './lib/processes/check-limits.mjs';
import { localIpsIn, refuseForProcesses } from './lib/processes/k6-arguments.mjs';
import { inspectOrEnd, mostOfOne } from './lib/processes/plan.mjs';
import { runProcesses } from './lib/processes/run.mjs';
import { callOf } from './lib/project.mjs';
import { EXIT_NO_RESULTS, openResultsFolder } from './lib/results-folder.mjs';
import { say } from './lib/say.mjs';
import { parseStartArguments } from './lib/start-arguments.mjs';
import { typedFolder, withAbsolutePaths } from './lib/typed-paths.mjs';

/** As lib/settings/settings.ts has it. */
const DEFAULT_URL = 'ws://localhost:8081/';

const CALL = callOf('run-processes');
const EXAMPLE = `${CALL} --processes 4 dist/multiplexed.js -e WS_URL=wss://example.com/socket -e WS_CONNECTIONS=40000`;
const HELP = `Usage: ${CALL} --processes N SCRIPT [-e NAME=value ...] [k6 arguments]

Runs a built script in N k6 processes of this host (2 to 64), each with its part of the connections, and prints one
report with one verdict. Where one process may not open enough files, it says how many it takes.

  ${EXAMPLE}

WS_RESULTS_DIR gets summary.json, junit.xml and report.html, and those of each process in process-1 and so on.
{process} in an argument for k6 is the number of the process: --out json=samples-{process}.json.

WS_ variables of the environment count as -e, which wins over them. The exit code is 0 if all targets are met over all
processes, 99 if one is missed, 105 if the run was interrupted, else what a process ended with.
`;

/** @param {string[]} args */
async function main(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return 0;
  }
  const { script: given, rest } = takeScript(args);
  const scenario = path.basename(given, path.extname(given));
  const {
    settings: typed,
    hasDashboard,
    conversation,
    processes,
    k6Args,
  } = parseStartArguments([scenario, ...rest], [scenario]);
  if (conversation !== undefined) refuse('--conversation is for npm start; here set WS_CONVERSATION');
  if (processes === 1) refuse('--processes N is missing, or 1, for which "k6 run" is enough');
  const env = { ...process.env, ...typed };
  refuseForProcesses(k6Args, env, hasDashboard);
  const cwd = typedFolder();
  const script = path.resolve(cwd, given);
  if (!existsSync(script)) refuse(`${script} is not there: expected a built script`);
  const settings = withAbsolutePaths(typed, cwd);
  const resultsDir = settings['WS_RESULTS_DIR'];
  const missingResults = resultsDir === undefined ? undefined : await openResultsFolder(resultsDir, processes);

  const k6 = await findK6();
  say(`Using k6 v${k6.version}: ${k6.path}`);
  const k6Env = k6Environment({ scenario, settings, folder: cwd, k6Version: k6.version });
  const plan = await inspectOrEnd(k6.path, script, { env: k6Env, cwd }, true);
  await checkLimits({ plan, processes, urls: settings['WS_URL'] ?? DEFAULT_URL, ip: settings['WS_IP'], k6Args, env });
  const localIps = localIpsIn(k6Args, env);
  const host = settings['WS_HOST_METRICS'] === undefined ? await startHostSampler() : undefined;
  let code;
  try {
    const run = { k6: k6.path, script, processes, cwd, k6Args, localIps, resultsDir, plan };
    const memory = memoryLimit({
      scenario,
      conversation: settings['WS_CONVERSATION'],
      connections: mostOfOne(plan, processes),
      env: k6Env,
    });
    const all = { ...k6Env, ...memory, ...(host && { WS_HOST_METRICS: host.url }) };
    code = await runProcesses({ ...run, env: all, started: host?.watch });
  } finally {
    await host?.stop();
  }
  const missing = await missingResults?.();
  if (missing === undefined) return code;
  say(missing);
  return code === 0 ? EXIT_NO_RESULTS : code;
}

/**
 * @param {string[]} args
 * @returns {{ script: string, rest: string[] }} The script stands where k6's documentation has it, at the end, or in front
 *   of everything but `--processes N`.
 */
function takeScript(args) {
  const isScript = (/** @type {string | undefined} */ arg) => arg !== undefined && /^[^-].*\.(?:js|ts|tar)$/.test(arg);
  const first = args[0] === '--processes' ? 2 : args[0]?.startsWith('--processes=') ? 1 : 0;
  const at = isScript(args[first]) ? first : args.length - 1;
  const script = args[at];
  if (script === undefined || !isScript(script)) {
    return refuse('the script is missing: it stands at the beginning, behind --processes N, or at the end');
  }
  // In it is the address at which k6 serves its figures, and each process has one of its own.
  if (script.endsWith('.tar')) refuse(`${script} is an archive, which holds one plan for one process: give the script`);
  return { script, rest: args.filter((_, i) => i !== at) };
}

/**
 * @param {string} what
 * @returns {never}
 */
function refuse(what) {
  throw new ExitError(`${what}. Example: ${EXAMPLE}`, EXIT_BAD_INPUT);
}

await runAsScript(import.meta.url, main);
