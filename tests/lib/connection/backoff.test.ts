import { expect, it } from 'vitest';
import { backoffMs } from '../../../lib/connection/backoff.ts';

const waits = (jitter: 'full' | 'none', random: number, fromMs = 1_000, toMs = 8_000) =>
  [0, 1, 2, 3, 4, 2_000].map((failures) => backoffMs({ fromMs, toMs, jitter }, failures, () => random));

it('doubles from the first wait to the longest, and stays there', () => {
  expect(waits('none', 0.3)).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

it('with full jitter is a random part of that, and never no time at all', () => {
  expect(waits('full', 0.5)).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  expect(waits('full', 0)).toEqual([1, 1, 1, 1, 1, 1]);
});

it('does not grow where the first wait is the longest', () => {
  expect(waits('none', 0, 2_000, 2_000)).toEqual([2_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
});
