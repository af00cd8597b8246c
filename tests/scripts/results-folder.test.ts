import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openResultsFolder } from '../../scripts/lib/results-folder.mjs';
import { temporaryFolder } from './fakes.ts';

test('the folder is made, nothing is left in it by the trial, and a summary.json of this run is enough', async () => {
  const folder = path.join(temporaryFolder(), 'a', 'b');
  const missing = await openResultsFolder(folder);
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(path.join(folder, 'summary.json'), '{}');
  expect(await missing()).toBeUndefined();
});

test('no summary.json is one sentence', async () => {
  const folder = temporaryFolder();
  expect(await (await openResultsFolder(folder))()).toBe(
    `NO RESULTS: k6 wrote no summary.json into ${folder} (WS_RESULTS_DIR).`,
  );
});

test('that of an earlier run does not count, unless it is written again', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'summary.json');
  writeFileSync(file, '{}');
  utimesSync(file, 1000, 1000);
  const missing = await openResultsFolder(folder);
  expect(await missing()).toMatch(/; the one there is of an earlier run\.$/);
  writeFileSync(file, '{}');
  expect(await missing()).toBeUndefined();
});

test('a file in its place, or above it, is an error before the run', async () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'file'), '');
  for (const [at, code] of [
    [path.join(folder, 'file'), 'EEXIST'],
    [path.join(folder, 'file', 'results'), 'ENOTDIR'],
  ] as const) {
    await expect(openResultsFolder(at)).rejects.toMatchObject({
      exitCode: 2,
      message: `WS_RESULTS_DIR=${at}: expected a folder that is there or can be made, and that can be written (${code}). Example: npm start -- -e WS_RESULTS_DIR=results`,
    });
  }
});

test.skipIf(process.platform === 'win32')('a folder that cannot be written is an error before the run', async () => {
  const folder = path.join(temporaryFolder(), 'closed');
  mkdirSync(folder, { mode: 0o555 });
  // Root may write everywhere: but not below this one.
  const closed = process.getuid?.() === 0 ? '/proc/self/net' : folder;
  await expect(openResultsFolder(closed)).rejects.toMatchObject({ exitCode: 2 });
});
