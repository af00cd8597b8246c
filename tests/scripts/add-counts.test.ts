import { expect, test } from 'vitest';
import { addCounts } from '../../scripts/lib/add-counts.mjs';

test('what a server counted over its lives adds up, but for what is so now and for the greatest', () => {
  const lives = [
    { accepted: 100, open: 90, peakOpen: 95, closeCodes: { 1000: 5, 1006: 1 } },
    { accepted: 120, open: 0, peakOpen: 80, closeCodes: { 1000: 7 } },
  ];
  expect(addCounts(lives)).toEqual({ accepted: 220, open: 0, peakOpen: 95, closeCodes: { 1000: 12, 1006: 1 } });
  expect(addCounts(lives.slice(0, 1))).toEqual(lives[0]);
});
