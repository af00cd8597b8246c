import type { Traits } from '../lib/conversation/traits.ts';
import { capacityPlan, judgedFrom, type StepPlan } from '../lib/plan/capacity.ts';
import { groupDigits } from '../lib/plan/format.ts';
import type { Threshold } from '../lib/plan/options.ts';
import { samplesThreshold, type Target, thresholdOf } from '../lib/report/target.ts';
import type { Settings } from '../lib/settings/settings.ts';
import { statusThresholds, thresholdsFor } from './k6.ts';
import { balanceTargets, guideTargets, memoryTarget } from './targets.ts';
import { tierFor } from './tiers.ts';

/** At least this share has to be held, however many are missing of a step. */
const MIN_SHARE = 0.95;

/** What a step is judged by: over all connections up to it, in place of the guide's metrics on the new ones. */
const OF_ALL: Record<string, string> = {
  ws_connect_success: 'ws_step_connect_success',
  ws_ready_success: 'ws_step_ready_success',
  ws_connections_held: 'ws_step_held',
  ws_connect_attempts: 'ws_step_planned',
};

/**
 * The share that a step asks for where the user set none. The guide's 80 % of 10,000 would call a server that holds 8,000
 * one that holds 10,000: here less than half a step may be missing, and never 5 %, so that the answer is right to half a
 * step.
 */
function shareAsked(connections: number, size: number): number {
  return Math.max(MIN_SHARE, Number((1 - size / (2 * connections)).toFixed(4)));
}

/**
 * The same of messages, since a server that is full can also take connections and say nothing on them. A step has at least a few
 * messages, so that one which got lost decides nothing.
 *
 * @param requests - of the step, about: of all kinds and processes.
 */
function answeredAsked(connections: number, size: number, requests: number): number {
  const allButTwo = Number((1 - 2 / requests).toFixed(4));
  return Math.max(tierFor(connections).minMessageSuccess, Math.min(shareAsked(connections, size), allButTwo));
}

/** The targets of one step, on its own samples. */
export function stepTargets(settings: Settings, traits: Traits, { connections, tag }: StepPlan): Target[] {
  const { size, fromMs, toMs } = capacityPlan(settings, traits);
  const requests = (connections * (toMs - fromMs)) / settings.messageIntervalMs;
  const minConnectSuccess = settings.minConnectSuccess ?? shareAsked(connections, size);
  const minMessageSuccess = settings.minMessageSuccess ?? answeredAsked(connections, size, requests);
  const ofAll = (metric: string) => metric.replace(/^\w+/, (name) => OF_ALL[name] ?? name);
  return guideTargets({ ...settings, minConnectSuccess, minMessageSuccess }, traits, `{step:${tag}}`, connections)
    .filter(({ metric }) => !metric.startsWith('ws_establish_time'))
    .map((target) => ({
      ...target,
      name: `${target.name} at ${groupDigits(connections)}`,
      metric: ofAll(target.metric),
      samples: target.samples === null ? null : ofAll(target.samples),
    }));
}

/**
 * What the run is judged by besides its steps: the balance and, if the user asks for it, the memory of k6. It is none of
 * the server's: without that it can only be named as the generator's limit.
 */
export function restTargets(settings: Settings, traits: Traits): Target[] {
  return [...(settings.maxMemoryBytes === null ? [] : [memoryTarget(settings)]), ...balanceTargets(traits)];
}

/**
 * The targets as k6 thresholds. Those of a step end the test, but not before it has ended: what is written down at its end
 * is not all there until then, and its times are not judged by one slow second.
 */
export function capacityThresholds(settings: Settings, traits: Traits): Record<string, Threshold[]> {
  const { plans } = capacityPlan(settings, traits);
  const thresholds: Record<string, Threshold[]> = {
    ...thresholdsFor(restTargets(settings, traits), traits),
    ...statusThresholds(),
  };
  for (const plan of plans) {
    const add = (metric: string, threshold: string, abortOnFail: boolean) => {
      thresholds[metric] ??= [];
      const known = thresholds[metric];
      if (known.some((other) => typeof other === 'object' && other.threshold === threshold)) return;
      known.push({ threshold, abortOnFail, delayAbortEval: judgedFrom(plan) });
    };
    for (const target of stepTargets(settings, traits, plan)) {
      add(target.metric, thresholdOf(target), true);
      if (target.samples !== null) {
        add(target.samples, samplesThreshold(target.samples), !target.samples.startsWith('ws_step_planned'));
      }
    }
    // What the report shows of a step.
    for (const metric of shownOfStep(traits)) thresholds[`${metric}{step:${plan.tag}}`] ??= ['max>=0'];
  }
  return thresholds;
}

function shownOfStep({ awaits, isLean, kinds }: Traits): string[] {
  return [
    ...(awaits ? ['ws_message_rtt'] : []),
    'generator_lag',
    ...(!isLean || kinds.length === 0 ? ['generator_busy'] : []),
  ];
}
