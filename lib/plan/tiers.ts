import type { Options } from 'k6/options';
import type { Traits } from '../conversation/traits.ts';
import { formatDuration } from '../settings/parsers.ts';
import type { Settings } from '../settings/settings.ts';
import { publicUrl } from '../settings/url.ts';
import { groupDigits, inShort } from './format.ts';
import { multiplexedScenario } from './multiplexed.ts';
import { optionsFor, WATCH_LEAD_MS, watchScenario } from './options.ts';
import { planOf } from './plan.ts';

/** For the reading of the memory at the end of the last tier. */
const READING_MS = 5_000;

/** One tier: a whole ramp, hold and close of its own. */
export interface TierPlan {
  /** Name of its k6 scenario, which k6 adds to each of its samples as the tag `scenario`. */
  name: string;
  settings: Settings;
  /** Planned start and end, in ms since the start of the test. */
  startMs: number;
  endMs: number;
}

/** What the VU that watches the memory has to know. */
export interface TierWatch {
  generatorAddress: string;
  tiers: { connections: number; endMs: number }[];
}

/**
 * The tiers one after the other, each size once and in ascending order: the memory that is measured is the peak since
 * k6's start, so a tier can be judged by it only when none before was larger.
 */
export function tierPlans(settings: Settings): TierPlan[] {
  const sizes = [...new Set(settings.tiers)].sort((a, b) => a - b);
  let startMs = 0;
  return sizes.map((connections) => {
    const own = { ...settings, connections, holdMs: settings.tierHoldMs };
    const tier = {
      name: `tier_${connections}`,
      settings: own,
      startMs,
      endMs: startMs + planOf(own).totalMs,
    };
    startMs = tier.endMs + settings.tierPauseMs;
    return tier;
  });
}

/** A scenario for each tier, with WS_SOCKETS_PER_VU connections on a VU; beside them one VU that watches the memory. */
export function tiersOptions(settings: Settings, traits: Traits, thresholds: Record<string, string[]>): Options {
  const tiers = tierPlans(settings);
  const watch: TierWatch = {
    generatorAddress: settings.generatorAddress,
    tiers: tiers.map((tier) => ({ connections: tier.settings.connections, endMs: tier.endMs })),
  };
  return optionsFor(
    settings,
    {
      ...Object.fromEntries(
        tiers.map((tier) => [
          tier.name,
          { ...multiplexedScenario(tier.settings, traits), startTime: `${WATCH_LEAD_MS + tier.startMs}ms` },
        ]),
      ),
      generator: watchScenario(watch, tiersMs(tiers), READING_MS),
    },
    thresholds,
  );
}

/** Planned length of the test in ms. */
export function tiersMs(tiers: readonly TierPlan[]): number {
  return (tiers[tiers.length - 1] as TierPlan).endMs;
}

/** The plan in one sentence, as the report prints it. */
export function describeTiers(settings: Settings): string {
  const tiers = tierPlans(settings);
  const sizes = tiers.map((tier) => groupDigits(tier.settings.connections)).join(', then ');
  const targets = inShort(settings.urls.map(publicUrl));
  const pause = tiers.length > 1 ? `, ${formatDuration(settings.tierPauseMs)} between tiers` : '';
  return `${sizes} connections to ${targets} in batches of ${groupDigits(settings.batchSize)}, ${formatDuration(settings.batchDelayMs)} apart, each tier held for ${formatDuration(settings.tierHoldMs)}${pause}; ${formatDuration(tiersMs(tiers))} in all`;
}
