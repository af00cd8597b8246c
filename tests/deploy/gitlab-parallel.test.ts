import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { coverageProblems } from '../../lib/report/coverage.ts';
import { k6Environment } from '../../scripts/lib/k6-environment.mjs';
import { SH, workspace } from './workspace.ts';

const pipeline = parse(readFileSync('deploy/gitlab/websocket-load-test-parallel.gitlab-ci.yml', 'utf8'));
const { version: VERSION } = JSON.parse(readFileSync('package.json', 'utf8'));

/** What `npm start` gives the scenario. */
const { GOGC } = k6Environment({ scenario: 'concurrent', settings: {}, folder: '', env: {} });

const { at, stub, run } = workspace();
beforeEach(() => {
  // In place of k6: prints its arguments, one a line, and ends as it is told.
  stub('k6', 'for argument in "$@"; do echo "$argument"; done; exit "$K6_EXIT"');
});

const flag = (stdout: string, name: string) => {
  const lines = stdout.split('\n');
  return lines.filter((_, i) => lines[i - 1] === name);
};

describe('the GitLab pipeline of four jobs', () => {
  const { load, verdict, release } = pipeline;
  const script = (load.script as string[]).join('\n');

  it('splits one test over its parallel jobs', () => {
    const runs = Array.from({ length: load.parallel }, (_, i) =>
      run(SH, script, {
        CI_NODE_INDEX: String(i + 1),
        CI_NODE_TOTAL: String(load.parallel),
        WS_URL: 'ws://x/',
        K6_EXIT: '0',
      }),
    );
    for (const { status } of runs) expect(status).toBe(0);
    expect(coverageProblems(runs.flatMap(({ stdout }) => flag(stdout, '--execution-segment')))).toEqual([]);
    for (const { stdout } of runs) {
      expect(flag(stdout, '--execution-segment-sequence')).toEqual(['0,1/4,2/4,3/4,1']);
    }
    expect(existsSync(at('results/4'))).toBe(true);
  });

  it('has Go collect garbage as often as npm start does', () => {
    expect(load.variables.GOGC).toBe(GOGC);
  });

  it('ends a job with the exit code of k6, and lets a missed target through to the verdict', () => {
    const env = { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4', K6_EXIT: '99' };
    expect(run(SH, script, env).status).toBe(99);
    expect(load.allow_failure).toEqual({ exit_codes: 99 });
    expect(verdict.allow_failure).toBeUndefined();
  });

  it('merges as many results as there are jobs, and hands junit.xml to GitLab', () => {
    expect(verdict.script.at(-1)).toBe(
      `node package/scripts/cli.mjs merge-results results --expect ${load.parallel} --out results`,
    );
    expect(verdict.artifacts.reports.junit).toBe('results/junit.xml');
    expect(verdict.artifacts.when).toBe('always');
    expect(verdict.needs).toEqual(['release', 'load']);
    expect(load.needs).toEqual(['release']);
  });

  it('takes this release by its checksum, as the single job does', () => {
    const single = parse(readFileSync('deploy/gitlab/websocket-load-test.gitlab-ci.yml', 'utf8'))[
      'websocket-load-test'
    ];
    expect(release.script).toEqual(single.script.slice(0, 3));
    expect(pipeline.variables.RELEASE).toBe(single.variables.RELEASE);
    expect(pipeline.variables.PACKAGE).toBe(`k6-websocket-concurrency-${VERSION}.tgz`);
  });

  it('pins its images, and has stages for all jobs', () => {
    for (const image of [load.image.name, verdict.image, release.image]) expect(image).toMatch(/:\d+\.\d+\.\d+/);
    for (const job of [load, verdict, release]) expect(pipeline.stages).toContain(job.stage);
  });
});
