import type { Options } from 'k6/options';
import type { Traits } from '../conversation/traits.ts';
import { formatDuration } from '../settings/parsers.ts';
import type { Settings } from '../settings/settings.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { publicUrl } from '../settings/url.ts';
import { groupDigits, inShort } from './format.ts';
import { optionsFor, type Threshold, WATCH_LEAD_MS, watchScenario } from './options.ts';
import { CLOSE_LEAD_MS, lastWaitMs, planOf } from './plan.ts';
import { envOf, type Run, runOf, type Steps, settleMs } from './run.ts';
import { lagStep, sampleShare } from './sampling.ts';

/** Each has about 15 metrics of its own, which k6 looks through with each sample. */
const MAX_STEPS = 50;

/** Share of a step's hold before and behind the requests that it is judged by, at most. */
const MARGIN = 1 / 8;

/** Below so many requests a step can have none by chance: one of 1,000 then has, if each connection sends at its own time. */
const FEWEST_REQUESTS = 7;

/** From a step's end until k6 may judge it: its VUs write down how it ended, and k6 collects that. */
export const JUDGE_AFTER_MS = 500;

/** From a step's end to the next one: k6 judges each 2 s, and no ramp is to go on against a server at its limit. */
const PAUSE_MS = JUDGE_AFTER_MS + 2_000 + 500;

/** One step of the staircase. */
export interface StepPlan {
  /** Connections at its end, over all processes. */
  connections: number;
  /** The value of the tag `step` on its samples. */
  tag: string;
  /** When its hold ends, in ms since the start of the first one. */
  endMs: number;
}

/** The staircase in time; ms are since the start of the first step. */
export interface CapacityPlan extends Steps {
  plans: StepPlan[];
  /** End of the last step, when all may close. */
  holdEndMs: number;
  totalMs: number;
}

/**
 * Lays the staircase out: each step opens its connections in batches, as a ramp does, and is held; none closes before the
 * last step has ended, then all do at the pace of the batches. Between two steps k6 has time to judge.
 *
 * The requests that judge a step are sent in its hold, except for a margin: at its beginning the last connections log in,
 * at its end a reply could fall into the next step.
 *
 * @throws SettingsError when the steps do not fit the connections.
 */
export function capacityPlan(settings: Settings, traits: Traits): CapacityPlan {
  const { connections, stepHoldMs, messageTimeoutMs } = settings;
  const size = settings.step ?? Math.ceil(connections / 10);
  refuseStep(size, settings);
  const { rampMs } = planOf({ ...settings, connections: size });
  const endMs = rampMs + stepHoldMs;
  const eachMs = endMs + PAUSE_MS;
  const count = Math.ceil(connections / size);
  const plans = Array.from({ length: count }, (_, index) => {
    const upTo = Math.min((index + 1) * size, connections);
    return { connections: upTo, tag: String(upTo), endMs: index * eachMs + endMs };
  });
  const holdEndMs = count * eachMs;
  const closing = planOf({ ...settings, holdMs: 0 });
  return {
    size,
    eachMs,
    fromMs: rampMs + Math.min(settleMs(settings, traits), Math.floor(stepHoldMs * MARGIN)),
    endMs,
    toMs: endMs - Math.min(messageTimeoutMs, Math.floor(stepHoldMs * MARGIN)),
    plans,
    holdEndMs,
    totalMs: holdEndMs + closing.totalMs - closing.holdEndMs,
  };
}

/** A VU for each WS_SOCKETS_PER_VU connections from the start on, each with its part of every step; beside them the watch. */
export function capacityOptions(settings: Settings, traits: Traits, thresholds: Record<string, Threshold[]>): Options {
  const plan = capacityPlan(settings, traits);
  refuseFewRequests(plan, settings, traits);
  const run = capacityRun(settings, plan, traits);
  const vus = Math.ceil(settings.connections / settings.socketsPerVu);
  const graceMs = Math.max(settings.handshakeTimeoutMs, lastWaitMs(settings, traits)) + 5_000;
  const stages = [
    { duration: '0s', target: vus },
    { duration: `${plan.holdEndMs}ms`, target: vus },
    { duration: '0s', target: 0 },
    { duration: `${plan.totalMs - plan.holdEndMs}ms`, target: 0 },
  ];
  return optionsFor(
    settings,
    {
      connections: {
        executor: 'ramping-vus',
        env: envOf(run),
        startTime: `${WATCH_LEAD_MS}ms`,
        startVUs: 0,
        stages,
        gracefulStop: `${graceMs}ms`,
        gracefulRampDown: `${plan.totalMs - plan.holdEndMs + graceMs}ms`,
      },
      generator: watchScenario(run, run.totalMs),
    },
    thresholds,
  );
}

/** When k6 may judge a step, as it reads it: since the start of the test. */
export function judgedFrom({ endMs }: StepPlan): string {
  return `${WATCH_LEAD_MS + endMs + JUDGE_AFTER_MS}ms`;
}

function capacityRun(settings: Settings, plan: CapacityPlan, traits: Traits): Run {
  const { size, eachMs, fromMs, toMs, endMs } = plan;
  const all = plan.plans.reduce((sum, { connections }) => sum + connections * (eachMs / settings.messageIntervalMs), 0);
  // So many samples for each step, not for all together: the first have the fewest requests, and a percentile of their own.
  const messages = traits.kinds.length === 0 ? 0 : all / plan.plans.length;
  return {
    ...runOf({ ...settings, holdMs: settings.stepHoldMs }, settings.socketsPerVu, traits),
    steps: { size, eachMs, fromMs, toMs, endMs },
    rampMs: 0,
    closeMs: plan.holdEndMs + CLOSE_LEAD_MS,
    totalMs: plan.totalMs,
    sampleShare: sampleShare(messages),
    lagStep: lagStep(messages),
  };
}

function refuseStep(size: number, { connections }: Settings): void {
  if (size > connections) {
    throw new SettingsError([
      `WS_STEP=${size} is more than WS_CONNECTIONS=${connections}: expected at most as many, for example WS_STEP=${Math.ceil(connections / 10)}`,
    ]);
  }
  const count = Math.ceil(connections / size);
  if (count > MAX_STEPS) {
    throw new SettingsError([
      `WS_STEP=${size} makes ${groupDigits(count)} steps of WS_CONNECTIONS=${connections}: expected at most ${MAX_STEPS} steps, for example WS_STEP=${Math.ceil(connections / MAX_STEPS)}`,
    ]);
  }
}

/** A step without a request would say nothing about replies. */
function refuseFewRequests({ size, fromMs, toMs }: CapacityPlan, settings: Settings, { kinds }: Traits): void {
  const { messageIntervalMs, stepHoldMs } = settings;
  const windowMs = toMs - fromMs;
  const perStep = (size * windowMs) / messageIntervalMs;
  if (kinds.length === 0 || messageIntervalMs <= windowMs || perStep >= FEWEST_REQUESTS) return;
  const enough = Math.max(10, Math.floor(windowMs / 100) * 100);
  throw new SettingsError([
    `WS_MESSAGE_INTERVAL=${formatDuration(messageIntervalMs)} leaves the first step of ${groupDigits(size)} connections about ${perStep.toFixed(1)} messages in WS_STEP_HOLD=${formatDuration(stepHoldMs)}, too few to judge it by: expected a shorter interval, larger steps or a longer hold, for example WS_MESSAGE_INTERVAL=${formatDuration(enough)}`,
  ]);
}

/** The plan in one sentence, as the report prints it. */
export function describeCapacity(settings: Settings, traits: Traits): string {
  const { size, plans, totalMs } = capacityPlan(settings, traits);
  const n = groupDigits;
  const targets = inShort(settings.urls.map(publicUrl));
  const steps = plans.length === 1 ? 'in one step' : `in ${plans.length} steps of ${n(size)}`;
  const batches =
    size > settings.batchSize
      ? ` in batches of ${n(settings.batchSize)}, ${formatDuration(settings.batchDelayMs)} apart`
      : '';
  return `up to ${n(settings.connections)} connections to ${targets} ${steps}${batches}, each step held for ${formatDuration(settings.stepHoldMs)}; at most ${formatDuration(totalMs)} in all`;
}
