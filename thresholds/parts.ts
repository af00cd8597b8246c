import type { Traits } from '../lib/conversation/traits.ts';
import type { MetricName } from '../lib/metrics/names.ts';
import { REFUSAL_STATUSES } from '../lib/report/statuses.ts';
import { shownParts, shownRequests, type Thresholds } from './k6.ts';

/**
 * Thresholds that always hold, for all that the books of one part of the run need besides the metrics that its targets
 * name: k6 hands a metric's tagged parts to the summary only when a threshold names them.
 *
 * @param tag - `scenario:tier_1000`.
 */
export function partThresholds(tag: string, traits: Traits): Thresholds {
  const { kinds, awaits, hasLogin, hasReach, isLean } = traits;
  const counters: MetricName[] = [
    'ws_connect_attempts',
    'ws_connections_closed',
    'ws_connections_dropped',
    'ws_message_unexpected',
    ...(hasLogin ? (['ws_ready_failures'] as const) : []),
    ...(kinds.length > 0 ? (['ws_messages_sent'] as const) : []),
    ...(!isLean || kinds.length === 0 ? (['ws_pushes'] as const) : []),
    ...(!isLean ? (['ws_deliveries', 'ws_deliveries_duplicate'] as const) : []),
    ...(hasReach ? (['ws_deliveries_expected'] as const) : []),
  ];
  const rates: MetricName[] = [
    'ws_connect_success',
    ...(hasLogin ? (['ws_ready_success'] as const) : []),
    ...(awaits ? (['ws_message_success'] as const) : []),
  ];
  return Object.fromEntries([
    ...counters.map((metric) => [`${metric}{${tag}}`, ['count>=0']]),
    ...shownParts(traits, tag).map((metric) => [metric, ['count>=0']]),
    ...REFUSAL_STATUSES.map((status) => [`ws_sessions{status:${status},${tag}}`, ['count>=0']]),
    ...rates.map((metric) => [`${metric}{${tag}}`, ['rate>=0']]),
    ...shownRequests(traits, tag).map(({ name, always }) => [name, [always]]),
  ]);
}
