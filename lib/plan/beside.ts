import type { Scenario as K6Scenario, Options } from 'k6/options';
import type { Scenario, Settings } from '../settings/settings.ts';
import { WATCH_LEAD_MS } from './options.ts';
import { planOf } from './plan.ts';
import type { BesidePlan } from './readings.ts';
import { stormSettings } from './storm.ts';
import { tierPlans } from './tiers.ts';

/**
 * What is held when, in this scenario. Where connections come and go all the time, all of it counts as one hold.
 *
 * @param totalMs - planned length of the run.
 */
export function besidePlan(scenario: Scenario, settings: Settings, totalMs: number): BesidePlan {
  const ramps = rampsOf(scenario, settings);
  if (ramps === null) {
    return { holds: [{ fromMs: 0, toMs: scenario === 'churn' ? settings.churnMs : totalMs }], totalMs };
  }
  const holds = ramps.map(({ startMs, settings: own }) => {
    const { rampMs, holdEndMs } = planOf(own);
    return { fromMs: startMs + rampMs, toMs: startMs + holdEndMs };
  });
  return { holds, totalMs };
}

/** Each ramp with its settings, and when it starts; null: there is none. */
function rampsOf(scenario: Scenario, settings: Settings): { startMs: number; settings: Settings }[] | null {
  switch (scenario) {
    case 'concurrent':
    case 'multiplexed':
    case 'reconnect':
      return [{ startMs: 0, settings }];
    case 'storm':
      return [{ startMs: 0, settings: stormSettings(settings) }];
    case 'tiers':
      return tierPlans(settings);
    default:
      return null;
  }
}

/** Planned length of the run, in ms: as long as the generator is watched. */
export function plannedMs({ scenarios = {} }: Options): number {
  const { maxDuration } = scenarios['generator'] as { maxDuration: string };
  return Number.parseInt(maxDuration, 10) - WATCH_LEAD_MS;
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
