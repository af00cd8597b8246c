import type { Target } from './target.ts';

/** The unit of a metric's figures, by the metric's name: a result that was read from a file has no Target beside it. */
export function unitOf(metric: string): Target['unit'] {
  const name = metric.replace(/\{.*$/, '');
  if (/_(success|held|clients_connected|clients_up|availability)$/.test(name)) return 'share';
  if (name.endsWith('_memory')) return 'bytes';
  if (/_(time|rtt|lag)$/.test(name)) return 'ms';
  return name === 'ws_messages_sent' ? 'number' : 'count';
}
