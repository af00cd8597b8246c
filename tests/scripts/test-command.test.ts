import { describe, expect, test } from 'vitest';
import { bareClone } from './bare-clone.ts';

/** A vitest that writes a report with 10 unit tests, or 2 end-to-end tests of which `failed` fail. */
const vitest = (failed: number) => `
const unit = process.argv.includes('unit');
const report = process.argv.find((arg) => arg.startsWith('--outputFile.json=')).slice('--outputFile.json='.length);
const failed = unit ? 0 : ${failed};
require('node:fs').writeFileSync(report, JSON.stringify({
  numPassedTests: (unit ? 10 : 2) - failed, numFailedTests: failed, numPendingTests: 0, numTodoTests: 0, testResults: [],
}));
if (!unit) console.log('k6 is ' + process.env.LOAD_TEST_K6);
process.exitCode = failed;`;

const STEPS = [
  ...['npm packages', 'lint', 'types', 'build', 'system tools', 'unit tests', 'k6', 'end-to-end tests'],
  'end-to-end tests that need the machine to themselves',
];
const announced = (stderr: string) => [...stderr.matchAll(/^== ([^:\n]+)$/gm)].map(([, title]) => title);

describe.skipIf(process.platform === 'win32')('npm test', () => {
  test('goes through all steps from a bare clone and closes with the counts', async () => {
    const clone = bareClone('', { vitest: vitest(0) });
    const run = clone.start('test.mjs');
    expect(await run.ended).toBe(0);
    expect(announced(run.output.stderr)).toEqual(STEPS);
    for (const step of STEPS) expect(run.output.stderr).toMatch(new RegExp(`^== ${step}: passed in \\d+ s$`, 'm'));
    const ran = [...run.output.stdout.matchAll(/^ran (.+?)(?: --reporter.*)?$/gm)].map(([, what]) => what);
    expect(ran).toEqual([
      'biome check .',
      'tsc --noEmit',
      'build',
      'vitest run --project unit',
      'vitest run --project e2e',
      'vitest run --project e2e-alone',
    ]);
    expect(run.output.stdout).toContain(`k6 is ${clone.root}`);
    expect(run.output.stdout).toMatch(/\n14 passed, 0 failed\n$/);
  });

  test('a failed test is counted over all projects so far, and its exit code passed on', async () => {
    const run = bareClone('', { vitest: vitest(1) }).start('test.mjs');
    expect(await run.ended).toBe(1);
    expect(run.output.stderr).toMatch(/^== end-to-end tests: failed in \d+ s\n/m);
    expect(run.output.stdout).toMatch(/\n11 passed, 1 failed\n$/);
  });

  test('stops at the first step that fails, with its exit code', async () => {
    const run = bareClone('', { tsc: 'process.exitCode = 7;' }).start('test.mjs');
    expect(await run.ended).toBe(7);
    expect(announced(run.output.stderr)).toEqual(STEPS.slice(0, 3));
    expect(run.output.stderr).toMatch(/^== types: failed in \d+ s\nStopped: the step failed with exit code 7\.\n/m);
    expect(run.output.stdout).toMatch(/\n0 passed, 0 failed\n$/);
  });
});
