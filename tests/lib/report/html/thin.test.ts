import { expect, it } from 'vitest';
import { thin } from '../../../../lib/report/html/thin.ts';

const times = Array.from({ length: 1_000 }, (_, i) => i);

it('leaves what is short enough', () => {
  expect(thin([1, 2], [[3, null]], 2)).toEqual({ times: [1, 2], lines: [[3, null]] });
});

it('keeps each peak and each dip, in their order, for every line by itself', () => {
  const peaks = times.map((i) => (i === 333 ? 900 : i === 666 ? -5 : 10));
  const steady = times.map(() => 1);
  const { times: kept, lines } = thin(times, [peaks, steady], 100);
  expect(kept).toHaveLength(100);
  expect(kept[0]).toBe(0);
  expect(kept.at(-1)).toBe(999);
  expect(kept).toEqual([...kept].sort((a, b) => a - b));
  expect(Math.max(...(lines[0] as number[]))).toBe(900);
  expect(Math.min(...(lines[0] as number[]))).toBe(-5);
  expect(lines[0]?.indexOf(900)).toBeLessThan(lines[0]?.indexOf(-5) as number);
  expect(lines[1]).toEqual(kept.map(() => 1));
});

it('makes no value where there was none', () => {
  const { lines } = thin(times, [times.map((i) => (i < 500 ? null : i))], 10);
  expect(lines[0]?.slice(0, 4)).toEqual([null, null, null, null]);
  expect(lines[0]?.at(-1)).toBe(999);
});
