import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EXIT_BAD_INPUT, ExitError } from '../exit-error.mjs';
import { forwardSignals } from '../forward-signals.mjs';
import { freePort } from '../free-port.mjs';
import { makeFolder } from '../make-folder.mjs';
import { cannotBeMerged, mergingCode, printMerged, writeMerged } from '../merge-parts.mjs';
import { readSummary } from '../read-summary.mjs';
import { EXIT_NO_RESULTS } from '../results-folder.mjs';
import { say } from '../say.mjs';
import { exitCodeOf } from './exit-code.mjs';
import { hasFoundLimit } from './first-limit.mjs';
import { startGuard } from './guard.mjs';
import { argumentsFor } from './k6-arguments.mjs';
import { mostAtOnce, plannedFor } from './plan.mjs';
import { K6Process } from './process.mjs';
import { showProgress } from './progress.mjs';
import { segmentsOf, shareOfProcess } from './segments.mjs';
import { statusLine } from './status-line.mjs';

/**
 * One test by several k6 processes of this host.
 *
 * @typedef {object} Run
 * @property {string} k6
 * @property {string} script A built scenario.
 * @property {number} processes From 2.
 * @property {NodeJS.ProcessEnv} env For k6, with the settings.
 * @property {string} cwd
 * @property {string[]} k6Args The user's.
 * @property {string | undefined} localIps As the user gave them.
 * @property {string | undefined} resultsDir Absolute. Gets summary.json, junit.xml and report.html, and `process-1` and
 *   so on with those of each.
 * @property {import('./plan.mjs').Plan} plan
 * @property {((pid: number) => void) | undefined} [started] Is told the number of each process.
 * @property {() => void} [began] Is called when all have been told to start.
 */

/**
 * Runs a test by execution segments, all at the same moment, and prints one report. SIGINT and SIGTERM reach all
 * processes; none is left behind, also when this one is killed.
 *
 * @param {Run} run
 * @returns {Promise<number>} The exit code (exit-code.mjs).
 * @throws {Error} If k6 cannot be started.
 */
export async function runProcesses(run) {
  const folder = run.resultsDir ?? (await mkdtemp(path.join(os.tmpdir(), 'k6-processes-')));
  const isTemporary = run.resultsDir === undefined;
  const guard = await startGuard(isTemporary ? folder : undefined);
  const line = statusLine();
  /** @type {K6Process[]} */
  const all = [];
  const killAll = () => {
    for (const one of all) one.kill('SIGKILL');
  };
  process.on('exit', killAll);
  let isInterrupted = false;
  const forgetSignals = forwardSignals(
    (signal) => {
      for (const one of all) one.kill(signal);
    },
    () => {
      if (!isInterrupted) line.say('Interrupted: k6 ends the test, then comes the report.');
      isInterrupted = true;
    },
  );
  try {
    await removeOlder(folder);
    for (const { what, args, env } of await processesOf(run, folder)) {
      await makeFolder(what.folder);
      const one = new K6Process(what, run.k6, args, { env, cwd: run.cwd }, line.say);
      all.push(one);
      const { pid } = one.child;
      if (pid !== undefined) {
        guard.watch(pid);
        run.started?.(pid);
        one.child.once('exit', () => guard.release(pid));
      }
    }
    // It may have come before there was anybody to hear it.
    if (isInterrupted) for (const one of all) one.kill('SIGINT');
    const ends = await toTheEnd(all, run, line, () => isInterrupted);
    return await report(ends, run, folder);
  } finally {
    line.end();
    killAll();
    process.off('exit', killAll);
    forgetSignals();
    if (isTemporary) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/**
 * Arguments and environment of each process.
 *
 * @param {Run} run
 * @param {string} folder
 */
async function processesOf({ script, processes, env, k6Args, localIps, plan }, folder) {
  const ports = await Promise.all(Array.from({ length: processes }, () => freePort()));
  let steps = 0;
  return segmentsOf(processes).map(({ segment, sequence }, i) => {
    const number = i + 1;
    const address = `127.0.0.1:${ports[i]}`;
    const what = {
      number,
      name: `process ${number} of ${processes}`,
      segment,
      address,
      folder: path.join(folder, `process-${number}`),
      planned: plannedFor(plan, i, processes),
    };
    const own = argumentsFor(k6Args, number, localIps === undefined ? undefined : { text: localIps, steps });
    steps += Math.max(0, ...plan.map((load) => shareOfProcess(load, i, processes).vus));
    return {
      what,
      args: [
        ...['run', '--quiet', '--paused', '--address', address, '--profiling-enabled'],
        ...['--execution-segment', segment, '--execution-segment-sequence', sequence],
        // Else their series were one in Prometheus.
        ...['--tag', `instance_id=${number}`],
        ...own,
        script,
      ],
      env: { ...env, WS_RESULTS_DIR: what.folder, WS_GENERATOR_ADDRESS: address },
    };
  });
}

/**
 * Starts all at the same moment and waits for the last.
 *
 * @param {K6Process[]} all
 * @param {Run} run
 * @param {import('./status-line.mjs').StatusLine} line
 * @param {() => boolean} isInterrupted
 */
async function toTheEnd(all, { plan, began }, line, isInterrupted) {
  const ended = Promise.all(
    all.map(async (one) => {
      const end = await one.ended;
      const hasFound = await hasFoundLimit(one.what.folder);
      const others = all.filter((other) => !other.hasEnded && !other.endedByUs);
      if (others.length > 0 && hasFound) {
        line.say(`${one.what.name} has found the limit: the others are ended.`);
        await Promise.all(others.map((other) => other.stopEarly()));
      }
      return { ...one.what, ...end, endedByUs: one.endedByUs };
    }),
  );
  const stopProgress = showProgress(all, mostAtOnce(plan), line);
  try {
    const ready = Promise.all(all.map((one) => one.ready()));
    await Promise.race([ready.then(start), ended]);
    return await ended;
  } finally {
    stopProgress();
  }

  async function start() {
    const lost = all.find(({ hasEnded }) => hasEnded);
    if (lost === undefined) {
      await Promise.all(all.map((one) => one.start()));
      began?.();
    } else if (!isInterrupted()) {
      line.say(`${lost.what.name} ended before the test began: without its share it does not begin.`);
      for (const other of all) other.giveUp();
    }
  }
}

/**
 * @param {Awaited<ReturnType<typeof toTheEnd>>} ends
 * @param {Run} run
 * @param {string} folder
 */
async function report(ends, { processes, resultsDir }, folder) {
  const code = await mergingCode();
  const states = await Promise.all(
    ends.map(async (end) => {
      const part = await partOf(path.join(end.folder, 'summary.json'), code, folder);
      return { ...end, part, hasReport: part !== undefined };
    }),
  );
  const parts = states.flatMap(({ part }) => part ?? []);
  if (parts.length === 0) {
    say('No process left a report, so there is none over all of them.');
    return exitCodeOf(states, undefined);
  }
  const missing = states
    .filter(({ hasReport }) => !hasReport)
    .map(({ number, segment, planned, how }) => ({ process: number, segment, planned, why: how }));
  let merged;
  try {
    merged = code.mergeSummaries(parts, processes, missing);
  } catch (error) {
    say(cannotBeMerged(error));
    return exitCodeOf(
      states.map((state) => ({ ...state, hasReport: false })),
      undefined,
    );
  }
  printMerged(code, merged);
  let isWritten = true;
  // Whoever asked for the files finds out which of them are not there.
  if (resultsDir !== undefined) {
    await writeMerged(code, merged, resultsDir).catch((/** @type {Error} */ { message }) => {
      say(message);
      isWritten = false;
    });
  }
  const exitCode = exitCodeOf(states, merged.verdict);
  return exitCode === 0 && !isWritten ? EXIT_NO_RESULTS : exitCode;
}

/**
 * @param {string} file
 * @param {any} code
 * @param {string} folder What its name starts at in the report.
 * @returns {Promise<{ source: string, summary: any } | undefined>} undefined: there is none, or half of one.
 */
async function partOf(file, code, folder) {
  if (!existsSync(file)) return undefined;
  try {
    const { summary } = await readSummary(file, code);
    return { source: path.relative(folder, file).replaceAll(path.sep, '/'), summary };
  } catch (error) {
    say(/** @type {Error} */ (error).message);
    return undefined;
  }
}

/**
 * Results of an earlier run would be taken for those of a process that leaves none.
 *
 * @param {string} folder
 */
async function removeOlder(folder) {
  const names = (await readdir(folder)).filter((name) => /^process-\d+$/.test(name));
  for (const name of names) {
    for (const file of ['summary.json', 'junit.xml', 'report.html']) {
      const older = path.join(folder, name, file);
      await rm(older, { force: true }).catch((error) => {
        throw new ExitError(`${older}, of an earlier run, cannot be removed (${error.code})`, EXIT_BAD_INPUT);
      });
    }
  }
}
