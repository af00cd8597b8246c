import type { Traits } from '../conversation/traits.ts';
import { formatDuration } from '../settings/parsers.ts';
import type { Settings } from '../settings/settings.ts';
import { publicUrl } from '../settings/url.ts';
import { groupDigits, inShort } from './format.ts';

/** k6 gives up a handshake after this time; neither k6/ws nor k6/websockets can be told otherwise (their dialers). */
export const LONGEST_HANDSHAKE_MS = 60_000;

/**
 * Pause between the end of the hold and the first close. k6 ends the iterations' VUs at the end of the hold; an
 * iteration that ended before that would be started again.
 */
export const CLOSE_LEAD_MS = 250;

/** Room after the last close, so that a healthy run ends inside its planned time. */
const CLOSE_TAIL_MS = 750;

/** When each thing happens, in ms since the start of the ramp. */
export interface Plan {
  batches: number;
  rampMs: number;
  /** End of the hold: the first batch begins to close CLOSE_LEAD_MS later, the others at the pace of the ramp. */
  holdEndMs: number;
  totalMs: number;
  /** How long after totalMs k6 may wait for what is unfinished: hanging handshakes, last replies. */
  graceMs: number;
}

type Shape = Pick<
  Settings,
  'connections' | 'batchSize' | 'batchDelayMs' | 'holdMs' | 'messageTimeoutMs' | 'handshakeTimeoutMs'
>;

/** How long the reply to a request may take at most, in ms. */
export function longestReplyMs(
  { messageTimeoutMs }: Pick<Settings, 'messageTimeoutMs'>,
  { longestTimeoutMs }: Pick<Traits, 'longestTimeoutMs'>,
): number {
  return Math.max(messageTimeoutMs, longestTimeoutMs);
}

/** How long a connection may take after its planned end, in ms: its last replies, then the goodbye. */
export function lastWaitMs(
  settings: Pick<Settings, 'messageTimeoutMs'>,
  traits: Pick<Traits, 'longestTimeoutMs' | 'hasGoodbye'>,
): number {
  return longestReplyMs(settings, traits) + (traits.hasGoodbye ? settings.messageTimeoutMs : 0);
}

/**
 * Lays the run out in time.
 *
 * @param waitMs - lastWaitMs().
 */
export function planOf(settings: Shape, waitMs = settings.messageTimeoutMs): Plan {
  const batches = Math.ceil(settings.connections / settings.batchSize);
  const rampMs = batches * settings.batchDelayMs;
  const holdEndMs = rampMs + settings.holdMs;
  const closeMs = CLOSE_LEAD_MS + rampMs + CLOSE_TAIL_MS;
  const handshakeLeft = LONGEST_HANDSHAKE_MS + 5_000 - settings.holdMs - closeMs;
  return {
    batches,
    rampMs,
    holdEndMs,
    totalMs: holdEndMs + closeMs,
    graceMs: Math.max(30_000, handshakeLeft, waitMs + 15_000),
  };
}

/** The plan in one sentence, as the report prints it. */
export function describePlan(settings: Settings): string {
  const plan = planOf(settings);
  const count = groupDigits;
  const targets = inShort(settings.urls.map(publicUrl));
  const batches =
    plan.batches === 1
      ? 'in one batch'
      : `in ${count(plan.batches)} batches of ${count(settings.batchSize)}, ${formatDuration(settings.batchDelayMs)} apart`;
  const connections = `${count(settings.connections)} connection${settings.connections === 1 ? '' : 's'}`;
  return `${connections} to ${targets} ${batches}, held for ${formatDuration(settings.holdMs)}; ${formatDuration(plan.totalMs)} in all`;
}
