import type { Scenario as K6Scenario } from 'k6/options';
import type { Scenario, Settings } from '../settings/settings.ts';
import { churnPlan } from './churn.ts';
import { WATCH_LEAD_MS } from './options.ts';
import { planOf } from './plan.ts';
import type { BesidePlan } from './readings.ts';
import { tierPlans } from './tiers.ts';

/** What is held when, in this scenario. Where connections come and go all the time, all of it counts as one hold. */
export function besidePlan(scenario: Scenario, settings: Settings): BesidePlan {
  if (scenario === 'churn') {
    const { totalMs } = churnPlan(settings);
    return { holds: [{ fromMs: 0, toMs: settings.churnMs }], totalMs };
  }
  const ramps =
    scenario === 'tiers'
      ? tierPlans(settings)
      : [{ startMs: 0, settings: scenario === 'storm' ? { ...settings, batchSize: settings.connections } : settings }];
  const plans = ramps.map(({ startMs, settings: own }) => ({ startMs, ...planOf(own) }));
  return {
    holds: plans.map(({ startMs, rampMs, holdEndMs }) => ({ fromMs: startMs + rampMs, toMs: startMs + holdEndMs })),
    totalMs: Math.max(...plans.map(({ startMs, totalMs }) => startMs + totalMs)),
  };
}

/** Time for a reading that has begun at the planned end. */
const LAST_READING_MS = 5_000;

/**
 * One VU that reads target and host beside the connections (the function `watch` of the scenario): not that of `generator`, which a
 * slow endpoint would hold up. The addresses stay out of its environment, they can hold secrets.
 */
export function besideScenario(plan: BesidePlan): K6Scenario {
  return {
    executor: 'per-vu-iterations',
    env: { RUN: JSON.stringify({ beside: plan, leadMs: WATCH_LEAD_MS }) },
    vus: 1,
    iterations: 1,
    maxDuration: `${WATCH_LEAD_MS + plan.totalMs}ms`,
    gracefulStop: `${LAST_READING_MS}ms`,
    exec: 'watch',
  };
}
