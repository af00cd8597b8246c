import { expect, test } from 'vitest';
import { endOfK6 } from '../../scripts/lib/end-of-k6.mjs';

test.each([0, 97, 99, 104, 105, 107, 108, 109, 255])("%i is k6's own and needs no words", (code) => {
  expect(endOfK6(code, null)).toEqual({ exitCode: code });
});

test.each([
  ['a panic of Go', 2, 'k6 crashed (exit code 2 '],
  ['a process that Windows killed', 1, 'k6 ended with exit code 1, which on Windows '],
  ['a crash in Windows', 0xc0000005, 'k6 ended with 0xC0000005: Windows stopped it.'],
])('%s does not end with a code that means something else here', (_, code, beginning) => {
  const { exitCode, sentence } = endOfK6(code, null);
  expect(exitCode).toBe(3);
  expect(sentence).toContain(beginning);
});

test.each([
  [null, 'SIGKILL', 137],
  [137, null, 137],
] as const)('code %s, signal %s is a kill, which is mostly for want of memory', (code, signal, exitCode) => {
  const end = endOfK6(code, signal);
  expect(end.exitCode).toBe(exitCode);
  expect(end.sentence).toMatch(/^k6 was ended by SIGKILL\. .+ out of memory/);
});

test('another signal is named without a guess at its reason', () => {
  const sentence = 'k6 was ended by SIGTERM.';
  expect(endOfK6(null, 'SIGTERM')).toEqual({ exitCode: 143, sentence });
  expect(endOfK6(143, null)).toEqual({ exitCode: 143, sentence });
});
