import { expect, test } from 'vitest';
import { retryWhileBusy } from '../../scripts/lib/retry-while-busy.mjs';

/** Work that fails with these codes first. */
function failing(...codes: string[]) {
  const waits: number[] = [];
  let tries = 0;
  const work = async () => {
    const code = codes[tries];
    tries += 1;
    if (code) throw Object.assign(new Error(`${code}: in use`), { code });
    return 'done';
  };
  const wait = async (ms: number) => waits.push(ms);
  return { work, waits, tries: () => tries, on: (platform: NodeJS.Platform) => ({ platform, wait }) };
}

test('on Windows a fresh program that a scanner holds is tried again, each time later', async () => {
  const busy = failing('EBUSY', 'EPERM', 'EACCES');
  expect(await retryWhileBusy(busy.work, busy.on('win32'))).toBe('done');
  expect(busy.waits).toHaveLength(3);
  expect([...busy.waits].sort((a, b) => a - b)).toEqual(busy.waits);
});

test('it ends with the last error', async () => {
  const busy = failing(...Array.from({ length: 20 }, () => 'EBUSY'));
  await expect(retryWhileBusy(busy.work, busy.on('win32'))).rejects.toThrow('EBUSY: in use');
  expect(busy.tries()).toBe(busy.waits.length + 1);
});

test.each([
  ['win32', 'ENOENT'],
  ['linux', 'EACCES'],
  ['darwin', 'EPERM'],
] as const)('on %s %s is an error at once', async (platform, code) => {
  const busy = failing(code);
  await expect(retryWhileBusy(busy.work, busy.on(platform))).rejects.toThrow(code);
  expect(busy.waits).toEqual([]);
});
