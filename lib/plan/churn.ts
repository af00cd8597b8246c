import type { Options } from 'k6/options';
import type { Traits } from '../conversation/traits.ts';
import { formatDuration } from '../settings/parsers.ts';
import type { Settings } from '../settings/settings.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { publicUrl } from '../settings/url.ts';
import { groupDigits, inShort } from './format.ts';
import { optionsFor, WATCH_LEAD_MS, watchScenario } from './options.ts';
import { LONGEST_HANDSHAKE_MS, lastWaitMs } from './plan.ts';
import { envOf, type Run, runOf } from './run.ts';

/** The share of the rate that is as good as all of it: a generator may stand still for a moment. */
export const ENOUGH_ARRIVALS = 0.98;

/** What a connection may take beyond its life before VUs run short: a slow handshake, the last reply. */
export const ROOM_MS = 1_000;

/** Each is a JavaScript runtime of about 130 KB; as many as the largest profile has. */
const MAX_VUS = 50_000;

/** Messages that a connection sends in its life, when WS_MESSAGE_INTERVAL is longer than that takes. */
const MESSAGES_PER_LIFE = 4;
const SHORTEST_INTERVAL_MS = 10;

export interface ChurnPlan {
  /** The settings with the sizes of the churn: all connections that are planned, one after the other. */
  settings: Settings;
  /** Connections at one time, if each lives as planned. */
  concurrent: number;
  vus: number;
  totalMs: number;
}

/**
 * Lays the churn out. k6 starts an iteration every 1/WS_RATE s, and one that finds no free VU is dropped, so there
 * are VUs for WS_LIFETIME and ROOM_MS more. They are all made before the start: making them later would disturb what
 * is measured, and k6 would drop the iteration all the same.
 *
 * @throws SettingsError when rate and lifetime need more VUs than a process can have.
 */
export function churnPlan(settings: Settings): ChurnPlan {
  const { rate, lifetimeMs, churnMs } = settings;
  const vus = Math.ceil((rate * (lifetimeMs + ROOM_MS)) / 1_000);
  if (vus > MAX_VUS) {
    throw new SettingsError([
      `WS_RATE=${rate} with WS_LIFETIME=${formatDuration(lifetimeMs)} needs ${groupDigits(vus)} VUs: at most ${groupDigits(MAX_VUS)} are possible, lower one of them`,
    ]);
  }
  return {
    settings: {
      ...settings,
      connections: Math.round((rate * churnMs) / 1_000),
      batchSize: 1,
      batchDelayMs: 1_000 / rate,
      holdMs: lifetimeMs,
      messageIntervalMs: Math.min(
        settings.messageIntervalMs,
        Math.max(SHORTEST_INTERVAL_MS, Math.floor(lifetimeMs / MESSAGES_PER_LIFE)),
      ),
    },
    concurrent: Math.ceil((rate * lifetimeMs) / 1_000),
    vus,
    totalMs: churnMs + lifetimeMs + ROOM_MS,
  };
}

/** A VU for each connection that is open at a time; beside them one VU that watches the generator's memory. */
export function churnOptions(settings: Settings, traits: Traits, thresholds: Record<string, string[]>): Options {
  const plan = churnPlan(settings);
  const run: Run = {
    ...runOf(plan.settings, 1, traits),
    arrives: true,
    batchDelayMs: 0,
    closeMs: settings.lifetimeMs,
    // There is no time at which all receivers are up.
    countFromMs: 0,
    countToMs: 0,
    totalMs: plan.totalMs,
  };
  const lastMs = Math.max(LONGEST_HANDSHAKE_MS + 5_000, settings.lifetimeMs + lastWaitMs(settings, traits) + 15_000);
  return optionsFor(
    settings,
    {
      connections: {
        executor: 'constant-arrival-rate',
        env: envOf(run),
        startTime: `${WATCH_LEAD_MS}ms`,
        rate: settings.rate,
        timeUnit: '1s',
        duration: `${settings.churnMs}ms`,
        preAllocatedVUs: plan.vus,
        maxVUs: plan.vus,
        gracefulStop: `${lastMs}ms`,
      },
      generator: watchScenario(run, run.totalMs),
    },
    thresholds,
  );
}

/** The plan in one sentence, as the report prints it; with the pace of the messages where it is not WS_MESSAGE_INTERVAL. */
export function describeChurn(settings: Settings, { kinds }: Pick<Traits, 'kinds'>): string {
  const plan = churnPlan(settings);
  const targets = inShort(settings.urls.map(publicUrl));
  const { messageIntervalMs } = plan.settings;
  const isShorter = kinds.length > 0 && messageIntervalMs < settings.messageIntervalMs;
  const pace = isShorter ? `, a message each ${formatDuration(messageIntervalMs)}` : '';
  return `${groupDigits(settings.rate)} new connections per second to ${targets} for ${formatDuration(settings.churnMs)}, ${groupDigits(plan.settings.connections)} in all, each for ${formatDuration(settings.lifetimeMs)}${pace}: about ${groupDigits(plan.concurrent)} at a time`;
}
