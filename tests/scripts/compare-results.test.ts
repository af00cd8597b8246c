import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import type { Latency, Summary } from '../../lib/report/summary.ts';
import { aSummary } from '../lib/report/a-summary.ts';
import { ROOT, startScript, temporaryFolder } from './fakes.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** Writes a run whose round trips are around so many ms. */
function results(name: string, roundTripMs: number, more: Partial<Summary> = {}): void {
  const { latencyMs } = aSummary();
  const roundTrip = { ...(latencyMs.roundTrip as Latency), med: roundTripMs, p95: roundTripMs, p99: roundTripMs };
  const file = path.join(folder, name, 'summary.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(aSummary({ latencyMs: { ...latencyMs, roundTrip }, ...more })));
}

async function compare(...args: string[]) {
  const script = startScript(path.join(ROOT, 'scripts/compare-results.mjs'), args, { cwd: folder });
  return { code: await script.ended, ...script.output };
}

describe('compare-results.mjs', () => {
  test('ends with 0 where nothing is worse, and with 99 where something is', async () => {
    results('main', 20);
    results('pull-request', 24);
    const worse = await compare('main', 'pull-request');
    expect(worse.stderr).toBe('');
    expect(worse.stdout).toMatch(
      /^ WORSE {2}concurrent: 1 of \d+ figures worse, 0 better\n {2}before {2}main\/summary\.json/,
    );
    expect(worse.code).toBe(99);
    expect((await compare('pull-request', 'main')).code).toBe(0);
    expect((await compare('main/summary.json', 'pull-request', '--worse', '25%')).code).toBe(0);
  });

  test('takes several runs of each side: by name, or by the folder that holds them', async () => {
    for (const [i, ms] of [100, 101, 102].entries()) results(`before/${i + 9}`, ms);
    for (const [i, ms] of [115, 116, 117].entries()) results(`after/${i}`, ms);
    // Parts of a merged test lie below it, and are no runs.
    results('after/0/segments/1', 999);
    const byFolder = await compare('before', 'after', '--format', 'json');
    expect(byFolder.code).toBe(99);
    const { before, after } = JSON.parse(byFolder.stdout);
    expect(before.sources).toEqual(['9', '10', '11'].map((name) => `before/${name}/summary.json`));
    expect(after.sources).toHaveLength(3);
    const byName = await compare('--before', 'before/9', 'before/10', 'before/11', '--after', 'after');
    expect(byName.stdout).toMatch(/round trip p50 +101 ms \(100-102\) +116 ms \(115-117\) +\+15 % +worse/);
    expect(byName.code).toBe(99);
  });

  test('prints Markdown for a pull request', async () => {
    results('a', 20);
    const { stdout, code } = await compare('a', 'a', '--format', 'markdown');
    expect(stdout).toMatch(/^### ✅ No difference: concurrent\n/);
    expect(code).toBe(0);
  });

  test('says how it is called', async () => {
    const { stdout, code } = await compare('--help');
    expect(stdout).toMatch(/^Usage: node scripts\/compare-results\.mjs BEFORE AFTER /);
    expect(code).toBe(0);
  });

  it.each([
    [['a'], /^expected two folders or files/],
    [['a', 'b', '--worse', '200%'], /^--worse is a share above 0, as 10% or 0\.1, at most 100%, got "200%"/],
    [['a', 'b', '--worse', '0'], /got "0"/],
    [['a', 'nowhere'], /^The runs cannot be compared:\n {2}- nowhere is not there/],
    [['a', 'empty'], /empty holds no summary\.json/],
    [['a', 'old'], /old\/summary\.json: schemaVersion 1 of an older release, expected 2; run the test again/],
    [
      ['a', 'half'],
      /- half\/summary\.json is not a whole summary\.json: connections\.failed is missing, expected counts/,
    ],
    [['a', 'other'], /- connections is 1000 in a\/summary\.json, but 10 in other\/summary\.json/],
    [['a', 'other'], /- scenario is "concurrent" in a\/summary\.json, but "storm" in other\/summary\.json/],
    [['a', 'part'], /part\/summary\.json is one process of a test \(segment 0:1\/2\)/],
  ])('%j ends with 2', async (args, message) => {
    const { plan } = aSummary();
    results('a', 20);
    results('b', 20);
    results('old', 20, { schemaVersion: 1 as 2 });
    results('other', 20, { scenario: 'storm', plan: { ...plan, connections: 10 } });
    results('part', 20, { plan: { ...plan, segment: '0:1/2' } });
    const { failed: _failed, ...connections } = aSummary().connections;
    results('half', 20, { connections: connections as Summary['connections'] });
    mkdirSync(path.join(folder, 'empty'));
    const { code, stdout, stderr } = await compare(...args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

test("the package's command knows it by its name", async () => {
  results('a', 20);
  const cli = path.join(ROOT, 'scripts/cli.mjs');
  const script = startScript(cli, ['compare-results', 'a', 'a'], { cwd: folder });
  expect(await script.ended).toBe(0);
  expect(script.output.stdout).toContain('NO DIFFERENCE');
  const version = startScript(cli, ['--version'], { cwd: folder });
  expect(await version.ended).toBe(0);
  const { version: ours } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  expect(version.output.stdout).toBe(`k6-websocket-concurrency ${ours}\n`);
});
