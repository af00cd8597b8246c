// What `npm test` runs, from a bare clone too: lint, types, build, unit tests, and the end-to-end tests in a real k6. It
// stops at the first step that fails and closes with the line `N passed, N failed` (`, N skipped` if any were).
//
// Exit codes: 0 all passed; else that of the step that failed; 127 no k6 could be had; 2 a LOAD_TEST_ variable is wrong.
import './lib/require-node.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ExitError, runAsScript } from './lib/exit-error.mjs';
import { findK6 } from './lib/find-k6.mjs';
import { packageScript } from './lib/project.mjs';
import { runStep } from './lib/run-step.mjs';
import { formatElapsed, say } from './lib/say.mjs';
import { ensureSystemTools } from './lib/system-tools.mjs';
import { addCounts, closingLine, NO_TESTS, readCounts } from './lib/test-counts.mjs';

let counts = NO_TESTS;

/**
 * One announced step.
 *
 * @param {string} title
 * @param {() => Promise<void>} work
 */
async function step(title, work) {
  say(`\n== ${title}`);
  const startedMs = performance.now();
  let verdict = 'failed';
  try {
    await work();
    verdict = 'passed';
  } finally {
    say(`== ${title}: ${verdict} in ${formatElapsed(performance.now() - startedMs)}`);
  }
}

/**
 * @param {string[]} args For Node.
 * @param {NodeJS.ProcessEnv} [env]
 */
async function node(args, env = {}) {
  const code = await runStep(process.execPath, args, { env });
  if (code !== 0) throw new ExitError(`Stopped: the step failed with exit code ${code}.`, code);
}

/**
 * @param {string} project
 * @param {NodeJS.ProcessEnv} [env]
 */
async function vitest(project, env = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'test-counts-'));
  const report = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    await node([packageScript('vitest', 'vitest'), 'run', '--project', project, ...reporters], env);
  } finally {
    counts = addCounts(counts, readCounts(report));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runAll() {
  await step('npm packages', ensureDependencies);
  await step('lint', () => node([packageScript('@biomejs/biome', 'biome'), 'check', '.']));
  await step('types', () => node([packageScript('typescript', 'tsc'), '--noEmit']));
  await step('build', () => node(['build.mjs']));
  await step('system tools', ensureSystemTools);
  await step('unit tests', () => vitest('unit'));
  let k6Path = '';
  await step('k6', async () => {
    const k6 = await findK6();
    k6Path = k6.path;
    say(`k6 v${k6.version}: ${k6.path}`);
  });
  await step('end-to-end tests', () => vitest('e2e', { LOAD_TEST_K6: k6Path }));
  await step('end-to-end tests that need the machine to themselves', () =>
    vitest('e2e-alone', { LOAD_TEST_K6: k6Path }),
  );
}

async function main() {
  try {
    await runAll();
    return 0;
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    say(error.message);
    return error.exitCode;
  } finally {
    process.stdout.write(`${closingLine(counts)}\n`);
  }
}

await runAsScript(import.meta.url, main);
