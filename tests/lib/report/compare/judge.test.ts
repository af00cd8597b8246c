import { describe, expect, it, test } from 'vitest';
import type { Figure } from '../../../../lib/report/compare/figure.ts';
import { compareFigure } from '../../../../lib/report/compare/judge.ts';

const figure = (value: number | null, more: Partial<Figure> = {}): Figure => ({
  group: 'Latency',
  name: 'round trip p50',
  unit: 'ms',
  better: 'less',
  noise: 'typical',
  value,
  of: null,
  ...more,
});

const verdict = (before: (number | null)[], after: (number | null)[], more: Partial<Figure> = {}, worse = 0.1) =>
  compareFigure(
    before.map((value) => figure(value, more)),
    after.map((value) => figure(value, more)),
    worse,
  ).verdict;

describe('one run of each side', () => {
  it.each([
    [20, 24, 'worse'],
    [24, 20, 'better'],
    [20, 21.9, 'same'],
    // Twice as much, and what k6 cannot measure.
    [1, 2, 'same'],
    [0, 1, 'same'],
    [1, 4, 'worse'],
  ])('a typical time of %d ms and then %d is %s', (before, after, expected) => {
    expect(verdict([before], [after])).toBe(expected);
  });

  test('percentiles further out have to differ by more', () => {
    expect(verdict([40], [50], { noise: 'tail' })).toBe('same');
    expect(verdict([40], [53], { noise: 'tail' })).toBe('worse');
    expect(verdict([40], [85], { noise: 'outermost' })).toBe('same');
    expect(verdict([40], [95], { noise: 'outermost' })).toBe('worse');
    expect(verdict([30], [500], { noise: 'burst' })).toBe('same');
    expect(verdict([900], [1_500], { noise: 'burst' })).toBe('worse');
  });

  test('what the generator itself was late by is not the server', () => {
    const late = (lateMs: number) =>
      compareFigure([figure(20, { noise: 'tail', lateMs: 3 })], [figure(60, { noise: 'tail', lateMs })], 0.1);
    expect(late(15).verdict).toBe('worse');
    expect(late(25).verdict).toBe('same');
  });

  test('the limit is as asked', () => {
    expect(verdict([100], [125], {}, 0.3)).toBe('same');
    expect(verdict([100], [103], {}, 0.02)).toBe('worse');
  });
});

describe('shares', () => {
  const share = (before: number, after: number, of: number | null = 1_000) =>
    verdict([before], [after], { unit: 'share', better: 'more', noise: 'share', of });

  it.each([
    [1, 0.95, 'worse'],
    [0.95, 1, 'better'],
    [1, 0.995, 'same'],
    [0.99, 0.98, 'same'],
    // A tenth more failures than before, and then less.
    [0.5, 0.4, 'worse'],
    [0.5, 0.48, 'same'],
  ])('of 1,000, %d and then %d is %s', (before, after, expected) => {
    expect(share(before, after)).toBe(expected);
  });

  test('few samples differ by chance', () => {
    expect(share(0.95, 0.9, 10_000)).toBe('worse');
    expect(share(0.95, 0.9, 100)).toBe('same');
    expect(share(0.95, 0.9, null)).toBe('worse');
  });
});

describe('three runs of each side', () => {
  it.each([
    // Beyond their spread, though below what a single run says.
    [[100, 101, 102], [115, 116, 117], 'worse'],
    [[115, 116, 117], [100, 101, 102], 'better'],
    // Beyond it, but not by a tenth.
    [[100, 101, 102], [106, 107, 108], 'same'],
    // The medians are far apart, the runs are not.
    [[100, 120, 150], [140, 180, 190], 'same'],
    [[100, 140, 150], [151, 180, 240], 'same'],
  ])('%j and then %j is %s', (before, after, expected) => {
    expect(verdict(before, after, { noise: 'tail' })).toBe(expected);
  });

  test('percentiles further out have to differ by a third of what single runs have to', () => {
    expect(verdict([25, 26, 27], [34, 35, 36], { noise: 'outermost' })).toBe('same');
    expect(verdict([25, 26, 27], [44, 45, 46], { noise: 'outermost' })).toBe('worse');
  });

  test('two are too few for a spread of their own, but they must not overlap either', () => {
    expect(verdict([100, 101], [115, 116], { noise: 'tail' })).toBe('same');
    expect(verdict([100, 101], [140, 141], { noise: 'tail' })).toBe('worse');
    expect(verdict([100, 145], [140, 200], { noise: 'tail' })).toBe('same');
  });
});

describe('what was not measured', () => {
  test('is worse where it was measured before', () => {
    const compared = compareFigure([figure(20)], [figure(null, { isNeeded: true })], 0.1);
    expect(compared).toMatchObject({ verdict: 'worse', reason: 'not measured', difference: null });
  });

  test('is not judged where k6 or the host may not tell it', () => {
    expect(verdict([20], [null], { noise: 'outermost' })).toBeNull();
    expect(verdict([2e8], [null], { unit: 'bytes', noise: 'memory', met: null })).toBeNull();
    expect(verdict([null], [20])).toBeNull();
  });

  test('counts only with the runs in which it was', () => {
    const compared = compareFigure([figure(20), figure(null)], [figure(30)], 0.1);
    expect(compared.before).toEqual({ values: [20, null], median: 20 });
    expect(compared.verdict).toBe('worse');
  });
});

test('a target that is missed now is worse, however small the difference', () => {
  const target = (value: number, met: boolean) => figure(value, { noise: 'tail', met });
  const compare = (before: Figure[], after: Figure[]) => compareFigure(before, after, 0.1);
  expect(compare([target(499, true)], [target(501, false)])).toMatchObject({
    verdict: 'worse',
    reason: 'target missed',
  });
  expect(compare([target(501, false)], [target(499, true)])).toMatchObject({ verdict: 'better', reason: 'target met' });
  // Of several runs one missed it by chance.
  expect(compare([target(499, true)], [target(501, false), target(498, true)]).verdict).toBe('same');
});

test('what is shown alone has no verdict', () => {
  expect(compareFigure([figure(1, { better: null })], [figure(900, { better: null })], 0.1)).toMatchObject({
    verdict: null,
    difference: 899,
  });
});
