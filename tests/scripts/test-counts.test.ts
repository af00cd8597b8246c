import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageScript } from '../../scripts/lib/project.mjs';
import { addCounts, closingLine, NO_TESTS, readCounts } from '../../scripts/lib/test-counts.mjs';
import { temporaryFolder } from './fakes.ts';

/** What the real vitest reports about a folder with these test files. */
function reportOf(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, code] of Object.entries(files)) writeFileSync(path.join(folder, name), code);
  const report = path.join(folder, 'report.json');
  const vitest = packageScript('vitest', 'vitest');
  const args = [vitest, 'run', '--globals', '--root', folder, '--reporter=json', `--outputFile=${report}`];
  spawnSync(process.execPath, args, { cwd: folder });
  return report;
}

test('counts the tests of the real reporter, and a file that does not load as one that failed', () => {
  const report = reportOf({
    'a.test.js': `test('1', () => {}); test('2', () => {}); test('3', () => expect(1).toBe(2)); test.skip('4', () => {}); test.todo('5');`,
    'b.test.js': `throw new Error('does not load');`,
    'c.test.js': `describe('hook', () => { beforeAll(() => { throw new Error('no'); }); test('6', () => {}); });`,
  });
  expect(readCounts(report)).toMatchObject({ passed: 2, failed: 3 });
});

test('a vitest that did not start has run no test', () => {
  expect(readCounts(path.join(temporaryFolder(), 'report.json'))).toEqual(NO_TESTS);
});

test('the closing line names skipped tests only if there are any', () => {
  const unit = { passed: 10, failed: 0, skipped: 0 };
  expect(closingLine(unit)).toBe('10 passed, 0 failed');
  expect(closingLine(addCounts(unit, { passed: 2, failed: 1, skipped: 3 }))).toBe('12 passed, 1 failed, 3 skipped');
});
