import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aSummary } from '../lib/report/a-summary.ts';

const SCRIPT = path.resolve('scripts/merge-results.mjs');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'merge-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the half of a test as a process would; returns its file. */
function half(name: string, segment: string, established = 1_000): string {
  const summary = aSummary();
  summary.plan = { ...summary.plan, connections: 2_000, segment };
  summary.connections.established = established;
  if (established < 1_000) summary.connections.failed = { refused: 1_000 - established };
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(summary));
  return file;
}

function merge(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8', cwd: folder, timeout: 60_000 });
}

describe('merge-results.mjs', () => {
  it('exits with 0 and writes summary.json and junit.xml when all targets are met', () => {
    half('pod-1/summary.json', '0:1/2');
    half('pod-2.summary.json', '1/2:1');
    const run = merge('.', '--expect', '2', '--out', 'merged');
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('2,000 of 2,000');
    expect(run.stdout).toContain('pod-1/summary.json');
    const merged = JSON.parse(readFileSync(path.join(folder, 'merged/summary.json'), 'utf8'));
    expect(merged).toMatchObject({ verdict: 'pass', connections: { established: 2_000 } });
    expect(readFileSync(path.join(folder, 'merged/junit.xml'), 'utf8')).toContain('failures="0"');
  });

  it('has the processes in the order of their numbers', () => {
    for (const [i, name] of ['process-2', 'process-10'].entries()) half(`${name}/summary.json`, `${i}/2:${i + 1}/2`);
    expect(merge('.').stdout).toMatch(/process-2\/summary\.json\n.*process-10\/summary\.json\n/);
  });

  it('gives the same again, with its own output among the files', () => {
    half('1/summary.json', '0:1/2');
    half('2/summary.json', '1/2:1');
    expect(merge('.', '--out', 'merged').status).toBe(0);
    expect(merge('.', '--out', 'merged').status).toBe(0);
  });

  it('exits with 99, as k6, when a target is missed', () => {
    const run = merge(half('a.summary.json', '0:1/2'), half('b.summary.json', '1/2:1', 100));
    expect(run.status).toBe(99);
    expect(run.stdout).toContain('FAIL');
    expect(run.stdout).toContain('1,100 of 2,000');
  });

  it('exits with 2 and says what is missing', () => {
    const run = merge(half('a.summary.json', '0:1/2'), '--expect', '2');
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('2 files are expected, there are 1');
    expect(run.stderr).toContain('segment 1/2:1 is missing');
    expect(run.stdout).toBe('');
  });

  it.each([
    [[], /no file or directory/],
    [['nowhere'], /nowhere is not there/],
    [['.', '--expect', 'all'], /--expect is a whole number/],
    [['.', '--what'], /--what/],
    [['.'], /holds no summary\.json/],
  ])('exits with 2 for %j', (args, message) => {
    const run = merge(...args);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(message);
  });

  it('exits with 2 for a file of which parts are missing, and names file and parts', () => {
    const file = half('a.summary.json', '0:1/2');
    const {
      checks: _checks,
      hints: _hints,
      details: _details,
      pushes: _pushes,
      ...rest
    } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify(rest));
    const run = merge('a.summary.json', half('b.summary.json', '1/2:1'));
    expect(run.status).toBe(2);
    expect(run.stderr).toBe(
      'The results cannot be merged:\n  - a.summary.json is not a whole summary.json: pushes is missing, expected counts by their names; details is missing, expected counts by their names; hints is missing, expected a list of texts; and 1 more\n',
    );
  });

  it.each([
    ['{', /is no JSON/],
    ['{"schemaVersion":1}', /summary\.json: schemaVersion 1 of an older release, expected 2; run/],
    ['{"schemaVersion":3}', /schemaVersion is 3, expected 2/],
    ['null', /schemaVersion is undefined, expected 2/],
    ['{"schemaVersion":2,"plan":{},"messages":{},"targets":[]}', /it has no targets, connections, /],
  ])('exits with 2 for a file that holds %s', (content, message) => {
    writeFileSync(path.join(folder, 'summary.json'), content);
    const run = merge('.');
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(message);
  });
});
