import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_URL } from '../../../lib/settings/settings.ts';
import { thisSystem } from '../../../scripts/lib/this-system.mjs';
import { aSummary } from '../../lib/report/a-summary.ts';
import { fakeProgram, ROOT, startScript, temporaryFolder } from '../fakes.ts';

/**
 * What the fake k6 of a process does when it is told to start.
 * pass: all is well. limit: it finds the limit of a capacity. hold: runs until it is ended. die: is killed. mute: leaves no report.
 * other: leaves that of another plan. fail: ends before that.
 */
type Act = 'pass' | 'limit' | 'hold' | 'die' | 'mute' | 'other' | 'fail';

/** A k6 of a test of 1,000 connections for each process: it waits for the start and leaves a summary. */
const FAKE_K6 = `
const fs = require('node:fs'), http = require('node:http'), path = require('node:path');
const args = process.argv.slice(2);
const { ACTS, SUMMARY, WS_RESULTS_DIR, LOG } = process.env;
if (args[0] === 'version') { console.log('k6 v2.2.0 (go1.26.8, linux/amd64)'); process.exit(); }
if (args[0] === 'inspect') {
  const connections = String(ACTS.split(',').length * 1000);
  const scenarios = { connections: { env: { RUN_connections: connections, RUN_perVu: '100' } } };
  console.log(JSON.stringify({ scenarios }));
  process.exit();
}
const after = (name) => args[args.indexOf(name) + 1];
const number = Number(after('--tag').split('=')[1]);
const act = ACTS.split(',')[number - 1];
const note = (what) => fs.appendFileSync(LOG, number + ' ' + what + '\\n');
fs.appendFileSync(LOG + '.args', JSON.stringify(args) + '\\n');
const leave = (code) => {
  const summary = JSON.parse(SUMMARY);
  summary.plan.segment = after('--execution-segment');
  summary.versions = { k6: process.env.LOAD_TEST_K6_VERSION, system: process.env.LOAD_TEST_SYSTEM };
  if (act === 'other') summary.plan.holdMs = 1;
  if (code === 99) summary.capacity = { failedAt: 1000, steps: [] };
  if (code === 99) Object.assign(summary.connections, { established: 100, ready: 100, closed: 100, failed: { refused: 900 } });
  fs.writeFileSync(path.join(WS_RESULTS_DIR, 'summary.json'), JSON.stringify(summary));
  console.log('the report of one');
  process.exit(code);
};
if (act === 'fail') process.exit(107);
let paused = args.includes('--paused');
const begin = {
  pass: () => leave(0),
  limit: () => leave(99),
  hold: () => console.error('holding'),
  die: () => process.kill(process.pid, 'SIGKILL'),
  mute: () => process.exit(0),
  other: () => leave(0),
};
process.on('SIGINT', () => { note('SIGINT'); leave(105); });
process.on('SIGTERM', () => { note('SIGTERM'); leave(105); });
const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (part) => { body += part; }).on('end', () => {
    const asked = body === '' ? {} : JSON.parse(body).data.attributes;
    const begins = asked.paused === false && paused;
    if (begins) { paused = false; note('began'); }
    if (asked.stopped) note('stopped');
    const attributes = { status: paused ? 4 : 7, paused, stopped: asked.stopped === true };
    response.end(JSON.stringify({ data: { attributes } }), () => {
      if (begins) begin[act]();
      if (asked.stopped) leave(103);
    });
  });
});
const [host, port] = after('--address').split(':');
setTimeout(() => { note('ready'); server.listen(Number(port), host); }, number * 100);`;

/** The first two, in any order. */
const BOTH_HOLD = /process ([12]): holding.*process (?!\1)[12]: holding/s;

/** @param prepare - is given the folder of the run before that begins. */
function launch(acts: Act[], more: string[] = [], prepare: (folder: string) => void = () => {}) {
  const folder = temporaryFolder();
  const programs = path.join(folder, 'programs');
  mkdirSync(programs);
  writeFileSync(path.join(programs, 'package.json'), '{}');
  fakeProgram(programs, 'k6', FAKE_K6);
  const script = path.join(folder, 'a-name-of-the-users.js');
  writeFileSync(script, '');
  const summary = aSummary();
  summary.plan.connections = acts.length * 1_000;
  const log = path.join(folder, 'log');
  const temporary = path.join(folder, 'tmp');
  mkdirSync(temporary);
  prepare(folder);
  const settings = { ACTS: acts.join(), SUMMARY: JSON.stringify(summary), LOG: log, WS_URL: 'ws://127.0.0.1:9/' };
  const run = startScript(
    path.join(ROOT, 'scripts/run-processes.mjs'),
    [
      ...['--processes', String(acts.length), script, ...more],
      ...Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    ],
    { cwd: folder, env: { PATH: programs, HOME: folder, TMPDIR: temporary } },
  );
  return {
    ...run,
    folder,
    /** What the processes noted, in its order. */
    notes: () => readFileSync(log, 'utf8').trim().split('\n'),
    args: (): string[][] =>
      readFileSync(`${log}.args`, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    leftovers: () => readdirSync(temporary).filter((name) => name.startsWith('k6-processes-')),
    /** Whether this process has left its summary, which it does with its last breath. */
    hasLeft: (number: number) =>
      readdirSync(temporary).some((name) => existsSync(path.join(temporary, name, `process-${number}/summary.json`))),
  };
}

describe.skipIf(process.platform === 'win32')('several processes', () => {
  it('begin when all are ready, and end in one report', async () => {
    const run = launch(['pass', 'pass', 'pass']);
    expect(await run.ended).toBe(0);
    const notes = run.notes();
    expect(notes.map((note) => note.split(' ')[1])).toEqual([...Array(3).fill('ready'), ...Array(3).fill('began')]);
    expect(run.output.stdout).toContain('PASS  concurrent: all targets met');
    expect(run.output.stdout).toContain('by 3 processes');
    expect(run.output.stdout).toContain('3,000 of 3,000');
    expect(run.output.stdout).not.toContain('the report of one');
    expect(run.leftovers()).toEqual([]);
  });

  it('get an address, a segment, a tag and no more of the settings than an environment', async () => {
    const run = launch(['pass', 'pass'], ['--out', 'json=x-{process}', '--local-ips', '127.0.0.2,127.0.0.3,127.0.0.4']);
    expect(await run.ended).toBe(0);
    const all = run.args().sort((a, b) => a.join().localeCompare(b.join()));
    expect(new Set(all.map((args) => args[args.indexOf('--address') + 1])).size).toBe(2);
    for (const args of all) {
      const number = args[args.indexOf('--tag') + 1] === 'instance_id=1' ? 1 : 2;
      expect(args).toContain(number === 1 ? '0:1/2' : '1/2:1');
      expect(args).toContain('0,1/2,1');
      expect(args).toContain(`json=x-${number}`);
      // The first has 10 VUs, 10 modulo 3 addresses on.
      expect(args).toContain(number === 1 ? '127.0.0.2,127.0.0.3,127.0.0.4' : '127.0.0.3,127.0.0.4,127.0.0.2');
      expect(args.join(' ')).not.toContain('WS_URL');
    }
  });

  it.each([
    ['die', 137, 'was ended by SIGKILL', 'process 2 of 3: k6 was ended by SIGKILL.'],
    ['mute', 4, 'ended with exit code 0', ''],
  ] as const)('say whose share is missing when one does %s', async (act, code, how, said) => {
    const run = launch(['pass', act, 'pass'], ['-e', 'WS_RESULTS_DIR=results']);
    expect(await run.ended).toBe(code);
    expect(run.output.stdout).toContain('FAIL  concurrent: missed processes that reported');
    expect(run.output.stdout.replace(/\s+/g, ' ')).toContain(
      `process 2 of 3 (segment 1/3:2/3) left no report: it ${how}. Its 1,000 of 3,000 planned connections are in no figure below.`,
    );
    expect(run.output.stderr).toContain(said);
    const merged = JSON.parse(readFileSync(path.join(run.folder, 'results/summary.json'), 'utf8'));
    expect(merged).toMatchObject({ verdict: 'fail', missing: [{ process: 2, planned: 1_000 }] });
    expect(merged.versions).toEqual({ k6: '2.2.0', system: thisSystem() });
    expect(existsSync(path.join(run.folder, 'results/process-3/summary.json'))).toBe(true);
  });

  it('begin nothing when one ends before all are ready', async () => {
    const run = launch(['pass', 'fail', 'hold']);
    expect(await run.ended).toBe(107);
    expect(run.notes().sort()).toEqual(['1 ready', '3 ready']);
    expect(run.output.stderr).toContain(
      'process 2 of 3 ended before the test began: without its share it does not begin.\n',
    );
    expect(run.output.stderr).toContain('No process left a report');
    expect(run.leftovers()).toEqual([]);
  });

  it("do not take an earlier run's results for this one's", async () => {
    const run = launch(['mute', 'mute'], ['-e', 'WS_RESULTS_DIR=results'], (folder) => {
      const older = path.join(folder, 'results/process-1');
      mkdirSync(older, { recursive: true });
      writeFileSync(path.join(older, 'summary.json'), JSON.stringify(aSummary()));
      writeFileSync(path.join(older, 'report.html'), 'of an earlier run');
    });
    expect(await run.ended).toBe(4);
    expect(readdirSync(path.join(run.folder, 'results/process-1'))).toEqual([]);
    expect(run.output.stdout).toBe('');
    expect(run.output.stderr).toContain('No process left a report, so there is none over all of them.\n');
  });

  it('end with 4 and a sentence where what they left is not one test, or where the report cannot be written', async () => {
    const other = launch(['pass', 'other']);
    expect(await other.ended).toBe(4);
    expect(other.output.stderr).toMatch(
      /The results cannot be merged:\n {2}- holdMs is 10000 in process-1\/summary\.json, but 1 in process-2\/summary\.json\n$/,
    );
    const run = launch(['pass', 'pass'], ['-e', 'WS_RESULTS_DIR=results'], (folder) =>
      mkdirSync(path.join(folder, 'results/summary.json'), { recursive: true }),
    );
    const file = path.join(run.folder, 'results/summary.json');
    expect(await run.ended).toBe(4);
    expect(run.output.stdout).toContain('2,000 of 2,000');
    expect(run.output.stderr).toMatch(
      new RegExp(`\n${file} cannot be written \\(EISDIR\\)\nNO RESULTS: k6 wrote no summary.json into .+\n$`),
    );
  });

  it('end with 4 where a file beside summary.json cannot be written', async () => {
    const run = launch(['pass', 'pass'], ['-e', 'WS_RESULTS_DIR=results'], (folder) =>
      mkdirSync(path.join(folder, 'results/junit.xml'), { recursive: true }),
    );
    const file = path.join(run.folder, 'results/junit.xml');
    expect(await run.ended).toBe(4);
    expect(run.output.stderr).toContain(`${file} cannot be written (EISDIR)`);
  });

  it('run nothing where the results of one of them can have no folder', async () => {
    const run = launch(['pass', 'pass'], ['-e', 'WS_RESULTS_DIR=results'], (folder) => {
      mkdirSync(path.join(folder, 'results'));
      writeFileSync(path.join(folder, 'results/process-2'), '');
    });
    expect(await run.ended).toBe(2);
    expect(run.output.stderr).toMatch(
      /^WS_RESULTS_DIR=\/.+\/results: expected process-2 in it, for the results of that process, to be a folder that can be written, or not to be there \(EEXIST\)\. Example: .+\n$/,
    );
    expect(existsSync(`${run.folder}/log`)).toBe(false);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('all hear of %s, and the report comes all the same', async (signal) => {
    const run = launch(['hold', 'hold', 'pass']);
    await run.printed('stderr', BOTH_HOLD);
    // The third is told to start at the same moment, and may come to it after them.
    await expect.poll(() => run.hasLeft(3), { timeout: 30_000 }).toBe(true);
    run.child.kill(signal);
    expect(await run.ended).toBe(105);
    expect(
      run
        .notes()
        .filter((note) => note.endsWith(signal))
        .sort(),
    ).toEqual([`1 ${signal}`, `2 ${signal}`]);
    expect(run.output.stderr).toContain('Interrupted: k6 ends the test, then comes the report.\n');
    expect(run.output.stdout).toContain('3,000 of 3,000');
    expect(run.leftovers()).toEqual([]);
  });

  it('in capacity the first that finds the limit ends the others, and the verdict stands', async () => {
    const run = launch(['hold', 'limit', 'hold']);
    expect(await run.ended).toBe(99);
    expect(
      run
        .notes()
        .filter((note) => note.endsWith('stopped'))
        .sort(),
    ).toEqual(['1 stopped', '3 stopped']);
    expect(run.output.stderr).toContain('process 2 of 3 has found the limit: the others are ended.\n');
    expect(run.output.stdout).toContain('by 3 processes');
  });

  it('are gone when the launcher is killed, with the folder of their results', async () => {
    const run = launch(['hold', 'hold']);
    await run.printed('stderr', BOTH_HOLD);
    const addresses = run.args().map((args) => args[args.indexOf('--address') + 1]);
    run.child.kill('SIGKILL');
    const answers = () =>
      Promise.all(
        addresses.map((address) =>
          fetch(`http://${address}/v1/status`).then(
            () => 1,
            () => 0,
          ),
        ),
      );
    await expect.poll(answers, { timeout: 30_000 }).toEqual([0, 0]);
    await expect.poll(() => run.leftovers(), { timeout: 30_000 }).toEqual([]);
  });
});

it('what is checked without WS_URL is where the scripts then go', () => {
  expect(readFileSync(path.join(ROOT, 'scripts/run-processes.mjs'), 'utf8')).toContain(`'${DEFAULT_URL}'`);
});

it('refuse an archive, which holds one address for all of them', async () => {
  const run = startScript(path.join(ROOT, 'scripts/run-processes.mjs'), ['--processes', '2', 'load.tar']);
  expect(await run.ended).toBe(2);
  expect(run.output.stderr).toContain('load.tar is an archive, which holds one plan for one process: give the script.');
});
