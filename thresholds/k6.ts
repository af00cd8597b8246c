import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES } from '../lib/connection/outcome.ts';
import { REFUSAL_STATUSES } from '../lib/report/statuses.ts';
import { samplesThreshold, type Target, thresholdOf } from '../lib/report/target.ts';

/** What k6 calls thresholds, by metric. */
export type Thresholds = Record<string, string[]>;

/**
 * The targets as k6 thresholds, each with the counter that proves its samples, and one that always holds for each
 * failure reason: k6 hands a metric's tagged parts to the summary only when a threshold names them.
 */
export function thresholdsFor(targets: readonly Target[]): Thresholds {
  const thresholds: Thresholds = {};
  const add = (metric: string, expression: string) => {
    thresholds[metric] ??= [];
    if (!thresholds[metric].includes(expression)) thresholds[metric].push(expression);
  };
  for (const target of targets) {
    add(target.metric, thresholdOf(target));
    if (target.samples !== null) add(target.samples, samplesThreshold(target.samples));
  }
  for (const reason of CONNECT_FAILURES) add(`ws_connect_failures{reason:${reason}}`, 'count>=0');
  for (const reason of DROPS) add(`ws_connections_dropped{reason:${reason}}`, 'count>=0');
  for (const reason of MESSAGE_FAILURES) add(`ws_message_failures{reason:${reason}}`, 'count>=0');
  return thresholds;
}

/**
 * Thresholds that always hold for k6's own count of the HTTP statuses that refuse a handshake: k6/websockets tells a
 * script only "bad handshake", so the report takes the statuses from there (lib/report/statuses.ts).
 */
export function statusThresholds(): Thresholds {
  return Object.fromEntries(REFUSAL_STATUSES.map((status) => [`ws_sessions{status:${status}}`, ['count>=0']]));
}

/** A threshold that always holds for the round trips of the hold: the report shows them beside those of the whole run. */
export function phaseThresholds(): Thresholds {
  return { 'ws_message_rtt{phase:hold}': ['max>=0'] };
}
