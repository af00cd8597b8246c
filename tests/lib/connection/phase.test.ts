import { expect, it } from 'vitest';
import { tagPhase } from '../../../lib/connection/phase.ts';

const START = 1_000_000;
const run = { rampMs: 500, closeMs: 3_750 };

it.each([
  { elapsed: 0, phase: 'ramp', next: 500 },
  { elapsed: 499, phase: 'ramp', next: 500 },
  { elapsed: 500, phase: 'hold', next: 3_750 },
  { elapsed: 3_749, phase: 'hold', next: 3_750 },
])('after $elapsed ms a sample is of the $phase, until $next ms', ({ elapsed, phase, next }) => {
  const tags: Record<string, unknown> = { scenario: 'tier_10' };
  expect(tagPhase(tags, run, START, START + elapsed)).toBe(START + next);
  expect(tags).toEqual({ scenario: 'tier_10', phase });
});

it('the close is the last phase', () => {
  const tags: Record<string, unknown> = {};
  expect(tagPhase(tags, run, START, START + 3_750)).toBe(0);
  expect(tags).toEqual({ phase: 'close' });
});
