import { describe, expect, it } from 'vitest';
import { mostAtOnce, mostOfOne, mostProcesses, planIn, plannedFor } from '../../../scripts/lib/processes/plan.mjs';

const scenario = (connections: number, perVu: number, more: object = {}) => ({
  env: { RUN_connections: String(connections), RUN_perVu: String(perVu) },
  ...more,
});

describe('the plan that k6 tells', () => {
  it('is of the scenarios that open connections', () => {
    const watch = { env: { RUN: '{}' }, vus: 1 };
    expect(planIn({ scenarios: { connections: scenario(250, 100), generator: watch } })).toEqual([
      { connections: 250, perVu: 100, atOnce: 250 },
    ]);
    expect(planIn({})).toEqual([]);
    expect(planIn({ scenarios: null })).toEqual([]);
  });

  it('of tiers, one after the other, has the largest at one time', () => {
    const plan = planIn({ scenarios: { a: scenario(100, 10), b: scenario(305, 10) } });
    expect(mostAtOnce(plan)).toBe(305);
    expect([0, 1].map((index) => plannedFor(plan, index, 2))).toEqual([50 + 155, 50 + 150]);
    expect(mostOfOne(plan, 2)).toBe(155);
    expect(mostProcesses(plan)).toBe(10);
  });

  it('of churn has as many at one time as there are VUs', () => {
    const plan = planIn({ scenarios: { connections: scenario(6_000, 1, { preAllocatedVUs: 300 }) } });
    expect(mostAtOnce(plan)).toBe(300);
    expect(mostOfOne(plan, 4)).toBe(75);
  });
});
