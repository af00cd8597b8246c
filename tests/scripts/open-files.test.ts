import { expect, it } from 'vitest';
import { openFileLimit, softLimitIn } from '../../scripts/lib/open-files.mjs';

it.each([
  [
    'Max processes  10  10  processes\nMax open files            20000                30000                files\n',
    20_000,
  ],
  ['Max open files            unlimited            unlimited            files\n', Number.POSITIVE_INFINITY],
  ['', Number.POSITIVE_INFINITY],
])('softLimitIn(%j)', (text, limit) => {
  expect(softLimitIn(text)).toBe(limit);
});

it('is that of this process, and on Windows none', () => {
  expect(openFileLimit()).toBeGreaterThan(0);
  expect(openFileLimit('win32')).toBe(Number.POSITIVE_INFINITY);
});
