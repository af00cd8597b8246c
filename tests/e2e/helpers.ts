import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Summary } from '../../lib/report/summary.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface K6Run {
  /** Name of a built scenario, e.g. `concurrent` for dist/concurrent.js. */
  scenario: string;
  /** WS_ settings and others; those of the calling environment are not passed on. */
  env?: Record<string, string>;
  /** Further arguments of `k6 run`. */
  args?: string[];
  /** Write every sample to a file and hand its text over. Default false. */
  samples?: boolean;
  /** Path of another k6 than k6Path(). */
  k6?: string;
  /** After this many ms k6 is killed and the run fails. Default 200,000. */
  limitMs?: number;
}

export interface K6Result {
  /** null if a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** summary.json, or null if none was written. */
  summary: Summary | null;
  /** junit.xml, or null if none was written. */
  junit: string | null;
  /** What `--out json=` wrote, or an empty text. */
  samples: string;
  /** Wall-clock time in ms, k6's own start included. */
  durationMs: number;
}

/** Runs a built scenario in the real k6, to its end. */
export async function runK6(run: K6Run): Promise<K6Result> {
  return (await startK6(run)).result;
}

export interface StartedK6 {
  /** Can be sent signals. */
  child: ChildProcess;
  result: Promise<K6Result>;
  /** Waits for what has to happen while k6 runs; rejects with all that k6 printed if k6 ends first. */
  meanwhile: <T>(what: string, happens: Promise<T>) => Promise<T>;
}

/** Starts a built scenario in the real k6. */
export async function startK6(run: K6Run): Promise<StartedK6> {
  const script = path.join(ROOT, 'dist', `${run.scenario}.js`);
  if (!existsSync(script)) throw new Error(`${script} is not there: node build.mjs`);
  const results = await mkdtemp(path.join(tmpdir(), 'k6-results-'));
  const samples = path.join(results, 'samples.json');
  const begun = performance.now();
  const child = spawn(
    run.k6 ?? k6Path(),
    [
      'run',
      '--no-color',
      '--no-usage-report',
      ...(run.samples ? ['--out', `json=${samples}`] : []),
      ...(run.args ?? []),
      script,
    ],
    {
      cwd: results,
      env: { ...cleanEnvironment(), WS_RESULTS_DIR: results, ...run.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const result = resultOf(child, run, results, samples, begun);
  const tooEarly = async (what: string): Promise<never> => {
    const { exitCode, stdout, stderr } = await result;
    throw new Error(`k6 ended with exit code ${exitCode} before ${what}:\n${stdout}\n${stderr}`);
  };
  return { child, result, meanwhile: (what, happens) => Promise.race([happens, tooEarly(what)]) };
}

async function resultOf(
  child: ChildProcess,
  run: K6Run,
  results: string,
  samples: string,
  begun: number,
): Promise<K6Result> {
  const limitMs = run.limitMs ?? 200_000;
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, limitMs);
  try {
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout as Readable),
      text(child.stderr as Readable),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    if (late) throw new Error(`k6 did not end within ${limitMs} ms:\n${stdout}\n${stderr}`);
    const summary = await readIfThere(path.join(results, 'summary.json'));
    return {
      exitCode,
      stdout,
      stderr,
      summary: summary === '' ? null : (JSON.parse(summary) as Summary),
      junit: (await readIfThere(path.join(results, 'junit.xml'))) || null,
      samples: run.samples ? await readIfThere(samples) : '',
      durationMs: performance.now() - begun,
    };
  } finally {
    clearTimeout(limit);
    await rm(results, { recursive: true, force: true });
  }
}

async function readIfThere(file: string): Promise<string> {
  return existsSync(file) ? readFile(file, 'utf8') : '';
}

/** Without WS_ and K6_ variables of the calling shell, which would change the run. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(WS|K6)_/.test(name)));
}

let foundK6: string | undefined;

/** LOAD_TEST_K6, or the k6 that scripts/k6.mjs finds or gets. */
export function k6Path(): string {
  foundK6 ??=
    process.env['LOAD_TEST_K6'] ||
    execFileSync(process.execPath, [path.join(ROOT, 'scripts', 'k6.mjs'), '--print-path'], { encoding: 'utf8' }).trim();
  return foundK6;
}
