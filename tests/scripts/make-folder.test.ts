import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../scripts/lib/make-folder.mjs';
import { temporaryFolder } from './fakes.ts';

test('a folder is made with those above it, also by several at once, and may be there', async () => {
  const folder = path.join(temporaryFolder(), 'a', 'b', 'c');
  await Promise.all([makeFolder(folder), makeFolder(folder), makeFolder(`${folder}/d`)]);
  await makeFolder(folder);
  await makeFolder(path.parse(folder).root);
  expect(existsSync(path.join(folder, 'd'))).toBe(true);
});

test('a file in its place, or above it, is an error', async () => {
  const file = path.join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(path.join(file, 'a', 'b'))).rejects.toThrow();
});

test.skipIf(process.platform === 'win32')('a link to nothing is an error', async () => {
  const link = path.join(temporaryFolder(), 'link');
  symlinkSync('/nowhere/at/all', link);
  await expect(makeFolder(link)).rejects.toMatchObject({ code: 'EEXIST' });
});

test.skipIf(process.platform !== 'linux')(
  'where nothing can be made although all above is there, it is an error',
  async () => {
    await expect(makeFolder('/proc/nope')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(makeFolder('/proc/nope/below')).rejects.toMatchObject({ code: 'ENOENT' });
  },
);
