import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { MergedSummary } from '../../lib/report/merge.ts';
import { afterwards } from './cases.ts';
import { k6Path } from './helpers.ts';

export interface Launched {
  child: ChildProcess;
  /** Of the k6 that has this execution segment; not on Windows. */
  pidOf(segment: string): number;
  /** Waits for what has to happen while they run; rejects with all that was printed if they end first. */
  meanwhile: <T>(what: string, happens: Promise<T>) => Promise<T>;
  ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
  /** The merged summary.json. */
  summary(): MergedSummary;
}

/** Starts a built scenario in several processes, as a user of a release does, with results; killed after the test. */
export function launch(
  scenario: string,
  processes: number,
  env: Record<string, string>,
  args: string[] = [],
): Launched {
  const results = mkdtempSync(path.join(tmpdir(), 'processes-'));
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(WS|K6)_/.test(name)));
  const child = spawn(
    process.execPath,
    ['scripts/run-processes.mjs', '--processes', String(processes), `dist/${scenario}.js`, ...args],
    {
      env: {
        ...clean,
        PATH: `${path.dirname(k6Path())}${path.delimiter}${process.env['PATH']}`,
        WS_RESULTS_DIR: results,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = Promise.all([
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    once(child, 'close') as Promise<[number | null]>,
  ]).then(([stdout, stderr, [exitCode]]) => ({ exitCode, stdout, stderr }));
  afterwards(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(results, { recursive: true, force: true });
  });
  const tooEarly = async (what: string): Promise<never> => {
    const { exitCode, stdout, stderr } = await ended;
    throw new Error(`ended with exit code ${exitCode} before ${what}:\n${stdout}\n${stderr}`);
  };
  return {
    child,
    ended,
    meanwhile: (what, happens) => Promise.race([happens, tooEarly(what)]),
    pidOf: (segment) => {
      const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
      const mine = all.find((line) => {
        const [, parent, ...words] = line.trim().split(/\s+/);
        return Number(parent) === child.pid && words[words.indexOf('--execution-segment') + 1] === segment;
      });
      if (!mine) throw new Error(`no process of segment ${segment}:\n${all.join('\n')}`);
      return Number(mine.trim().split(/\s+/)[0]);
    },
    summary: () => JSON.parse(readFileSync(path.join(results, 'summary.json'), 'utf8')) as MergedSummary,
  };
}
