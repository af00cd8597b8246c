import { capacityPlan } from '../../../lib/plan/capacity.ts';
import { capacitySummary } from '../../../lib/report/end-of-capacity.ts';
import type { K6Metric } from '../../../lib/report/k6-data.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { restTargets, stepTargets } from '../../../thresholds/for-capacity.ts';
import { memoryTarget } from '../../../thresholds/targets.ts';
import { ECHO, factsOf } from '../some-traits.ts';
import { type Happened, k6DataOf, trend } from './k6-data-of.ts';

/** How one step went; all is well where nothing is said. */
export interface Step {
  planned: number;
  open?: number;
  established?: number;
  rttMs?: number;
  lagMs?: number;
}

const SETTINGS = parseSettings({ WS_CONNECTIONS: '4000', WS_STEP: '1000', WS_MAX_ROUND_TRIP: '500ms' });

/** What summarises a capacity test of four steps of 1,000. */
export const FOUR = {
  facts: factsOf(SETTINGS),
  share: { connections: 4_000, vus: 41, segment: null },
  targets: {
    ofStep: (plan: Parameters<typeof stepTargets>[2]) => stepTargets(SETTINGS, ECHO, plan),
    rest: restTargets(SETTINGS, ECHO),
    memory: memoryTarget(SETTINGS),
  },
};

/** What k6 hands over of such a test, by its steps in order; those that are not given were not reached. */
export function fourSteps(steps: readonly Step[], happened: Happened = {}) {
  const metrics: Record<string, K6Metric> = {};
  const counter = (count: number): K6Metric => ({ type: 'counter', contains: 'default', values: { count } });
  const rate = (passes: number, all: number): K6Metric => ({
    type: 'rate',
    contains: 'default',
    values: { rate: passes / all, passes, fails: all - passes },
  });
  const flat = (ms: number) =>
    trend({ count: 99, avg: ms, min: ms, med: ms, 'p(90)': ms, 'p(95)': ms, 'p(99)': ms, max: ms });
  for (const [i, { tag }] of capacityPlan(SETTINGS, ECHO).plans.entries()) {
    const step = steps[i];
    if (!step) continue;
    const { planned, established = planned, open = established, rttMs = 12, lagMs = 3 } = step;
    metrics[`ws_step_planned{step:${tag}}`] = counter(planned);
    metrics[`ws_step_connect_success{step:${tag}}`] = rate(established, planned);
    metrics[`ws_step_held{step:${tag}}`] = rate(open, established);
    metrics[`ws_connect_time{step:${tag}}`] = flat(40);
    metrics[`ws_messages_sent{step:${tag}}`] = counter(6 * open);
    metrics[`ws_message_success{step:${tag}}`] = rate(6 * open, 6 * open);
    metrics[`ws_message_rtt{step:${tag}}`] = flat(rttMs);
    metrics[`generator_lag{step:${tag}}`] = flat(lagMs);
  }
  const data = k6DataOf({ ...happened, metrics });
  return { ...data, state: { ...data.state, testRunDurationMs: 33_500 * steps.length } };
}

/** The summary of such a test. */
export function summaryOfFour(steps: readonly Step[], happened: Happened = {}) {
  return capacitySummary(FOUR.facts, FOUR.share, FOUR.targets, fourSteps(steps, happened));
}

/** Held as planned to the end. */
export const ALL_HELD: Happened = {
  attempted: 4_000,
  established: 4_000,
  closed: 4_000,
  sent: 60_000,
  answered: 60_000,
  rttMs: 12,
  connectMs: 40,
};

/** Ended while 3,000 were open. */
export const ENDED_AT_3000: Happened = {
  unattempted: 1_000,
  attempted: 3_000,
  established: 3_000,
  counters: [1_000, 0, 3_000, 0],
  sent: 40_000,
  answered: 40_000,
  rttMs: 300,
  connectMs: 40,
};
