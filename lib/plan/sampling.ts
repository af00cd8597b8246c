import type { Traits } from '../conversation/traits.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * Samples that one message Trend keeps at most, about. A k6 Trend holds every sample until the end and re-sorts them
 * every 2 s for thresholds, and a sample on its way there takes 1 KB. 20,000 leave 200 beyond the 99th percentile,
 * whose rank they then give within 0.14 percentage points (2 standard errors of a binomial share).
 */
export const MAX_SAMPLES = 20_000;

/** Messages of the run, about. */
export function plannedMessages(settings: Settings, { kinds }: Pick<Traits, 'kinds'>): number {
  return kinds.length === 0 ? 0 : settings.connections * (settings.holdMs / settings.messageIntervalMs + 1);
}

/** The share of the messages whose times are kept, the same for each message of the run: 1, or less in a long one. */
export function sampleShare(messages: number): number {
  return messages === 0 ? 1 : Math.min(1, MAX_SAMPLES / messages);
}

/** Of so few attempts or messages the lag of each is kept: a stall meets some of them only. */
export const FEW = 2_000;

/**
 * Attempts, and requests of a connection, between two samples of the generator's lag, where there are more. Connections send
 * in step, so each begins at its own request: else a stall between two samples of one would be between those of all. Late
 * ones are no more likely to be kept than others, or percentiles would be those of the late.
 */
export const LAG_STEP = 8;

/** Requests of a connection between two samples of the lag: as few as there are times of replies. */
export function lagStep(messages: number): number {
  return messages <= FEW ? 1 : Math.max(LAG_STEP, Math.ceil(messages / MAX_SAMPLES));
}
