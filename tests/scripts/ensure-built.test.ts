import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { newerSource, whyNotWritable } from '../../scripts/lib/ensure-built.mjs';
import { temporaryFolder } from './fakes.ts';

/** A project whose files were written at these times, in seconds. */
function project(times: Record<string, number>): string {
  const root = temporaryFolder();
  for (const [file, time] of Object.entries(times)) {
    const at = path.join(root, file);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, '');
    utimesSync(at, time, time);
  }
  return root;
}

test('a script that can be written, or is not there yet, is a matter of the build', async () => {
  const root = project({ 'dist/storm.js': 1 });
  expect(await whyNotWritable(path.join(root, 'dist', 'storm.js'))).toBeUndefined();
  expect(await whyNotWritable(path.join(root, 'dist', 'concurrent.js'))).toBeUndefined();
});

test('one that cannot be written is told by its reason', async () => {
  const root = project({ 'dist/storm.js/file': 1 });
  expect(await whyNotWritable(path.join(root, 'dist', 'storm.js'))).toBe('EISDIR');
});

test.each([
  [{ 'lib/plan/plan.ts': 2 }, 'lib/plan/plan.ts'],
  [{ 'build.mjs': 2 }, 'build.mjs'],
  [{ 'scenarios/storm.ts': 2, 'lib/k6.ts': 1 }, 'scenarios/storm.ts'],
  [{ 'lib/k6.ts': 1, 'lib/notes.md': 2, 'README.md': 2 }, undefined],
])('of %o the one that is newer than a script of 1 is %s', async (times, newer) => {
  expect(await newerSource(project({ 'dist/storm.js': 1, ...times }), 'storm')).toBe(newer);
});
