import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PASSED, SCENARIOS, serve } from './cases.ts';
import { k6Command } from './k6-command.ts';
import { folder } from './spoken.ts';

/** k6: exec.test.abort(). */
const ABORTED = 108;

const SIZE = { WS_PROFILE: 'smoke', WS_CONNECTIONS: '10', WS_HOLD: '1s', WS_MESSAGE_INTERVAL: '300ms' };
const QUIET = ['--quiet', '--no-color', '--no-usage-report'];
const bundle = (scenario: string) => path.resolve('dist', `${scenario}.js`);
const lastLineOf = (text: string) => text.trimEnd().split('\n').at(-1);

describe.skipIf(process.platform === 'win32').each(SCENARIOS)('WS_RESULTS_DIR of $scenario', ({ scenario }) => {
  it.each([
    { what: 'missing', given: (at: string) => path.join(at, 'missing'), says: 'there is no such folder; ' },
    { what: 'missing, relative', given: () => 'missing', says: 'there is no such folder in the folder in which k6 ' },
    { what: 'a file', given: (at: string) => path.join(at, 'file'), says: 'there is a file in its place; ' },
    { what: 'in a file', given: () => 'file/results', says: 'there is a file in its place' },
  ])('that is $what is refused before the first connection', async ({ given, says }) => {
    const server = await serve([{}]);
    const cwd = await folder();
    await writeFile(path.join(cwd, 'file'), '');
    const resultsDir = given(cwd);
    // A program that starts k6 elsewhere hands over a PWD that is not k6's.
    const env = { ...SIZE, WS_URL: server.url, WS_RESULTS_DIR: resultsDir, PWD: process.cwd() };
    const run = await k6Command(['run', ...QUIET, bundle(scenario)], { cwd, env });
    expect(run.exitCode).toBe(ABORTED);
    expect(lastLineOf(run.stderr)).toContain(`WS_RESULTS_DIR=\\"${resultsDir}\\": ${says}`);
    expect(run.stderr).not.toContain('Could not save');
    expect(server.counts().accepted).toBe(0);
  });

  it('is found from where k6 runs, whatever PWD says, and also through an archive that was made without it', async () => {
    const server = await serve([{}]);
    const made = await folder();
    const env = { ...SIZE, WS_URL: server.url, WS_RESULTS_DIR: 'results' };
    const settings = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const archive = path.join(made, 'archive.tar');
    const archived = await k6Command(['archive', ...settings, '-O', archive, bundle(scenario)], { cwd: made });
    expect(archived.exitCode, archived.stderr).toBe(PASSED);
    const cwd = await folder();
    await mkdir(path.join(cwd, 'results'));
    for (const script of [bundle(scenario), archive]) {
      const run = await k6Command(['run', ...QUIET, script], { cwd, env: { ...env, PWD: made } });
      expect(run.exitCode, run.stderr).toBe(PASSED);
      const summary = path.join(cwd, 'results', 'summary.json');
      expect(existsSync(summary)).toBe(true);
      await rm(summary);
    }
  });
});

it.runIf(process.platform === 'linux')(
  'a folder for results that cannot be written to is the last line of the output',
  async () => {
    const server = await serve([{}]);
    // Not even root writes here.
    const env = { ...SIZE, WS_URL: server.url, WS_RESULTS_DIR: '/proc/self' };
    const run = await k6Command(['run', ...QUIET, bundle('multiplexed')], { env });
    expect(lastLineOf(run.stdout)).toMatch(/^PASS multiplexed: /);
    expect(lastLineOf(run.stderr)).toMatch(/level=error .*could not open '\/proc\/self\/summary\.json'/);
  },
);
