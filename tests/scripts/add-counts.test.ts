import { expect, test } from 'vitest';
import { addLives, sumCounts } from '../../scripts/lib/add-counts.mjs';

test('what a server counted over its lives adds up, but for what is so now and for the greatest', () => {
  const lives = [
    { accepted: 100, open: 90, peakOpen: 95, closeCodes: { 1000: 5, 1006: 1 } },
    { accepted: 120, open: 0, peakOpen: 80, closeCodes: { 1000: 7 } },
  ];
  expect(addLives(lives)).toEqual({ accepted: 220, open: 0, peakOpen: 95, closeCodes: { 1000: 12, 1006: 1 } });
  expect(addLives(lives.slice(0, 1))).toEqual(lives[0]);
});

test('what servers beside each other counted adds up', () => {
  const servers = [
    { accepted: 2, peakOpen: 2, closeCodes: { 1000: 1, 1006: 1 } },
    { accepted: 3, peakOpen: 3, closeCodes: { 1000: 3 } },
  ];
  expect(sumCounts(servers)).toEqual({ accepted: 5, peakOpen: 5, closeCodes: { 1000: 4, 1006: 1 } });
});
