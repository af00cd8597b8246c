import { describe, expect, it } from 'vitest';
import { exitCodeOf, howItEnded } from '../../../scripts/lib/processes/exit-code.mjs';

const end = (exitCode: number, hasReport = true, endedByUs = false) => ({ exitCode, hasReport, endedByUs });

describe('exitCodeOf()', () => {
  it.each([
    ['all passed', [end(0), end(0)], 'pass', 0],
    ['one missed by itself what all together meet', [end(0), end(99)], 'pass', 0],
    ['all passed by themselves, but not together', [end(0), end(0)], 'fail', 99],
    ['one was killed', [end(0), end(137, false)], 'fail', 137],
    ['one crashed, another was interrupted', [end(105), end(3, false)], 'fail', 3],
    ['one left nothing and says that all is well', [end(0), end(99, false)], 'fail', 4],
    ['interrupted', [end(105), end(105)], 'fail', 105],
    ['interrupted when one had ended', [end(0), end(105)], 'fail', 105],
    ['the script ended one', [end(0), end(108)], 'fail', 108],
    ['the launcher ended the others of one that found the limit', [end(99), end(103, true, true)], 'fail', 99],
    ['interrupted before any began', [end(105, false), end(105, false)], undefined, 105],
  ] as const)('%s', (_what, ends, verdict, code) => {
    expect(exitCodeOf([...ends], verdict)).toBe(code);
  });
});

it.each([
  [null, 'SIGKILL', 'was ended by SIGKILL'],
  [2, null, 'crashed (exit code 2)'],
  [107, null, 'ended with exit code 107'],
] as const)('howItEnded(%s, %s)', (code, signal, how) => {
  expect(howItEnded(code, signal)).toBe(how);
});
