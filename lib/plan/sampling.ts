import type { Traits } from '../conversation/traits.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * Samples that one message Trend keeps at most, about. A k6 Trend holds every sample until the end and re-sorts them
 * every 2 s for thresholds, and a sample on its way there takes 1 KB. 20,000 leave 200 beyond the 99th percentile,
 * whose rank they then give within 0.14 percentage points (2 standard errors of a binomial share).
 */
export const MAX_SAMPLES = 20_000;

/** The share of the messages whose times are kept, the same for each message of the run: 1, or less in a long one. */
export function sampleShare(settings: Settings, { kinds }: Pick<Traits, 'kinds'>): number {
  if (kinds.length === 0) return 1;
  const messages = settings.connections * (settings.holdMs / settings.messageIntervalMs + 1);
  return Math.min(1, MAX_SAMPLES / messages);
}

/**
 * Attempts, and requests of a connection, between two samples of the generator's lag, at least. Connections send in
 * step, so each begins at its own request: else a stall between two samples of one would be between those of all.
 */
export const LAG_STEP = 8;

/** Requests of a connection between two samples of the lag: as few as there are times of replies. */
export function lagStep(share: number): number {
  return Math.max(LAG_STEP, Math.ceil(1 / share));
}
