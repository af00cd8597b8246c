import type { Settings } from '../settings/settings.ts';

/**
 * Samples that one message Trend keeps at most, about. A k6 Trend holds every sample until the end and re-sorts them
 * every 2 s for thresholds, and a sample on its way there takes 1 KB. 20,000 leave 200 beyond the 99th percentile,
 * whose rank they then give within 0.14 percentage points (2 standard errors of a binomial share).
 */
export const MAX_SAMPLES = 20_000;

/** The share of the messages whose times are kept, the same for each message of the run: 1, or less in a long one. */
export function sampleShare(settings: Settings): number {
  if (settings.protocol === 'listen') return 1;
  const messages = settings.connections * (settings.holdMs / settings.messageIntervalMs + 1);
  return Math.min(1, MAX_SAMPLES / messages);
}
