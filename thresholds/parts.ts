import { CONNECT_FAILURES, DROPS, MESSAGE_FAILURES } from '../lib/connection/outcome.ts';
import type { MetricName } from '../lib/metrics/names.ts';
import { REFUSAL_STATUSES } from '../lib/report/statuses.ts';
import type { Thresholds } from './k6.ts';

/** What the books of a part of the run are made of, besides the metrics that its targets name. */
const COUNTERS: readonly MetricName[] = [
  'ws_connect_attempts',
  'ws_connections_closed',
  'ws_messages_sent',
  'ws_message_unexpected',
];
const RATES: readonly MetricName[] = ['ws_connect_success', 'ws_message_success'];

/**
 * Thresholds that always hold, for all that the books of one part of the run need: k6 hands a metric's tagged parts
 * to the summary only when a threshold names them.
 *
 * @param tag - `scenario:tier_1000`.
 */
export function partThresholds(tag: string): Thresholds {
  const reasons = (metric: MetricName, all: readonly string[]) =>
    all.map((reason) => `${metric}{reason:${reason},${tag}}`);
  const counts = [
    ...COUNTERS.map((metric) => `${metric}{${tag}}`),
    ...reasons('ws_connect_failures', CONNECT_FAILURES),
    ...reasons('ws_connections_dropped', DROPS),
    ...reasons('ws_message_failures', MESSAGE_FAILURES),
    ...REFUSAL_STATUSES.map((status) => `ws_sessions{status:${status},${tag}}`),
  ];
  return Object.fromEntries([
    ...counts.map((metric) => [metric, ['count>=0']]),
    ...RATES.map((metric) => [`${metric}{${tag}}`, ['rate>=0']]),
  ]);
}
