import type { Settings } from '../settings/settings.ts';

/**
 * Samples that one message Trend keeps at most, about. A k6 Trend holds every sample until the end (8 bytes each, in
 * more than one copy, re-sorted every 2 s for thresholds); 200,000 leave 200 samples beyond the 99.9th percentile.
 */
export const MAX_SAMPLES = 200_000;

/** The share of the messages whose times are kept, the same for each message of the run: 1, or less in a long one. */
export function sampleShare(settings: Settings): number {
  if (settings.protocol === 'listen') return 1;
  const messages = settings.connections * (settings.holdMs / settings.messageIntervalMs + 1);
  return Math.min(1, MAX_SAMPLES / messages);
}
