import { capacityPlan, describeCapacity, JUDGE_AFTER_MS, type StepPlan } from '../plan/capacity.ts';
import { WATCH_LEAD_MS } from '../plan/options.ts';
import type { ProcessShare } from '../plan/segment.ts';
import { hostLimits } from './beside.ts';
import { capacityOf, withCapacity } from './capacity.ts';
import { capacitySections } from './capacity-text.ts';
import type { Facts } from './facts.ts';
import { filesOf } from './files.ts';
import { generatorLimits } from './generator.ts';
import { judge } from './judge.ts';
import { figure, type K6Data } from './k6-data.ts';
import { latencyOf } from './latency.ts';
import { wasCutOff } from './one-test.ts';
import { summarize } from './summarize.ts';
import type { Capacity, CapacityStep, Summary, TargetResult } from './summary.ts';
import type { Target } from './target.ts';

/** What a run in steps is judged by. */
export interface CapacityTargets {
  ofStep(plan: StepPlan): Target[];
  /** Of the run as a whole. */
  rest: Target[];
  /** Of the generator, asked for or not. */
  memory: Target;
}

/** What k6 writes at the end of a capacity test: as for every scenario, and how many connections were held. */
export function endOfCapacity(
  facts: Facts,
  share: ProcessShare,
  targets: CapacityTargets,
  data: K6Data,
): Record<string, string> {
  const { settings, traits } = facts;
  const summary = capacitySummary(facts, share, targets, data);
  return filesOf(summary, describeCapacity(settings, traits), settings.resultsDir, data, (color) => ({
    sections: capacitySections(summary, summary.capacity, color),
  }));
}

/** As endOfCapacity() writes it. */
export function capacitySummary(
  facts: Facts,
  share: ProcessShare,
  { ofStep, rest, memory }: CapacityTargets,
  data: K6Data,
): Summary & { capacity: Capacity } {
  const { settings, traits } = facts;
  const plan = capacityPlan(settings, traits);
  const whole = summarize(
    'capacity',
    { ...facts, settings: { ...settings, holdMs: settings.stepHoldMs } },
    share,
    rest,
    data,
    plan.totalMs,
  );
  const isWhole = share.segment === null;
  const steps = plan.plans.map((step) => {
    // Of its part of a step a process of several knows by the merged report alone whether it is all.
    const expected = isWhole ? step.connections : 1;
    return stepOf(step, judge(ofStep(step), data), data, expected, wentOnAfter(step, whole, isWhole));
  });
  const first = steps.find(({ pass }) => pass === false);
  if (first) {
    // Only where it decides: ports, files, memory and host are of the whole run, which ends with this step.
    first.limits.push(...generatorLimits(whole, null, null, judge([memory], data)), ...hostLimits(whole.host));
  }
  const capacity = capacityOf(steps, whole);
  return withCapacity(
    {
      ...whole,
      latencyMs: { ...whole.latencyMs, establish: null },
      targets: [...steps.flatMap(({ targets }) => targets), ...whole.targets],
    },
    capacity,
  );
}

/**
 * @param expected - connections whose state has to be written down at its end, or it is not held.
 * @param isPast - the run went on after its end.
 */
function stepOf(
  { connections, tag }: StepPlan,
  results: TargetResult[],
  data: K6Data,
  expected: number,
  isPast: boolean,
): CapacityStep {
  const of = (metric: string) => `${metric}{step:${tag}}`;
  const planned = figure(data, of('ws_step_planned'));
  const isJudged = planned > 0;
  const established = figure(data, of('ws_step_connect_success'), 'passes');
  const lagMs = latencyOf(data, of('generator_lag'));
  const limits = generatorLimits(
    { connections: { failed: {}, dropped: {} } },
    lagMs,
    latencyOf(data, of('generator_busy')),
    [],
  );
  const pass = isJudged ? passOf(results, planned >= expected) : null;
  if (pass === null && isPast && limits.length === 0) {
    limits.push('It had no time to write down how this step ended.');
  }
  return {
    connections,
    pass,
    planned,
    established,
    ready: data.metrics[of('ws_step_ready_success')]
      ? figure(data, of('ws_step_ready_success'), 'passes')
      : established,
    open: figure(data, of('ws_step_held'), 'passes'),
    // k6 has judged each process by itself, not on the sums of their samples.
    targets: results.map(({ samples: _samples, ...result }) =>
      isJudged ? result : { ...result, actual: null, pass: null },
    ),
    roundTripMs: latencyOf(data, of('ws_message_rtt')),
    connectMs: latencyOf(data, of('ws_connect_time')),
    lagMs,
    limits,
  };
}

/**
 * Whether the VUs went on after the end of a step. Of a run that was cut off, by Ctrl-C or by a step that missed a target, its length
 * does not tell: k6 waits for handshakes and close frames that a server owes. There the next step has to have begun.
 */
function wentOnAfter({ connections, endMs }: StepPlan, whole: Summary, isWhole: boolean): boolean {
  if (whole.durationMs <= WATCH_LEAD_MS + endMs + 2 * JUDGE_AFTER_MS) return false;
  return !wasCutOff(whole) || (isWhole && whole.connections.attempted > connections);
}

/** What is missing of a step can only make it worse. */
function passOf(results: readonly TargetResult[], isWhole: boolean): boolean | null {
  if (results.some(({ pass }) => pass !== true)) return false;
  return isWhole ? true : null;
}
