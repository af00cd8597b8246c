import type { Options } from 'k6/options';
import type { Traits } from '../conversation/traits.ts';
import { formatDuration } from '../settings/parsers.ts';
import type { Settings } from '../settings/settings.ts';
import { optionsFor, rampScenario, watchScenario } from './options.ts';
import { describePlan, lastWaitMs, planOf } from './plan.ts';
import { type ClientPlan, runOf } from './run.ts';

/** Names of checks that the seconds of a run can make: k6 keeps each of them. */
const MOST_SECONDS = 1_800;

/** What the clients have to know besides the run. */
export function clientPlan(settings: Settings): ClientPlan {
  const { backoff, jitter, maxAttempts, maxRecoveryMs } = settings;
  return {
    ...backoff,
    jitter,
    maxAttempts,
    maxRecoveryMs,
    herdStepSeconds: Math.ceil(planOf(settings).totalMs / 1_000 / MOST_SECONDS),
  };
}

/** As multiplexed; a handshake can be under way at the planned end, since clients try until then. */
export function reconnectOptions(settings: Settings, traits: Traits, thresholds: Record<string, string[]>): Options {
  const perVu = settings.socketsPerVu;
  const run = runOf(settings, perVu, traits);
  const graceMs = Math.max(settings.handshakeTimeoutMs, lastWaitMs(settings, traits)) + 5_000;
  const ramp = rampScenario(settings, run, (connections) => Math.ceil(connections / perVu), graceMs);
  return optionsFor(
    settings,
    {
      connections: { ...ramp, env: { ...ramp.env, RUN_clients: JSON.stringify(clientPlan(settings)) } },
      generator: watchScenario(run, run.totalMs),
    },
    thresholds,
  );
}

/** The plan in words, as the report prints it. */
export function describeReconnect(settings: Settings): string {
  const { backoff, jitter, maxAttempts } = settings;
  const wait = backoffText(backoff);
  const often = maxAttempts === null ? '' : `, at most ${maxAttempts} attempt${maxAttempts === 1 ? '' : 's'} each time`;
  return `${describePlan(settings)}; who fails or is dropped comes back after ${wait}, ${jitter === 'full' ? 'full' : 'no'} jitter${often}`;
}

/** `1s..30s`, as WS_BACKOFF has it. */
export function backoffText({ fromMs, toMs }: Settings['backoff']): string {
  return fromMs === toMs ? formatDuration(fromMs) : `${formatDuration(fromMs)}..${formatDuration(toMs)}`;
}
