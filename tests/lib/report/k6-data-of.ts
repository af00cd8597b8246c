import type { K6Data, K6Metric } from '../../../lib/report/k6-data.ts';

/** What happened in a run, from which k6's metrics follow. Left out: none. */
export interface Happened {
  unattempted?: number;
  attempted?: number;
  established?: number;
  failed?: Record<string, number>;
  closed?: number;
  dropped?: Record<string, number>;
  sent?: number;
  replied?: number;
  messagesFailed?: Record<string, number>;
  unexpected?: number;
  /** What the up/down counters say at the end, in the order unattempted, pending, open, messages pending. */
  counters?: [number, number, number, number];
  /** Of the Trends: the value that all figures have. Without: no samples. */
  connectMs?: number;
  establishMs?: number;
  rttMs?: number;
  /** Round trips kept; default: all replies. */
  rttCount?: number;
  lag?: { p95: number; max: number };
  memoryBytes?: number;
  checks?: Record<string, number>;
  metrics?: Record<string, K6Metric>;
}

/** What k6 hands to handleSummary after such a run. A metric that nothing was added to is not there, as in k6. */
export function k6DataOf(happened: Happened): K6Data {
  const { unattempted = 0, attempted = 0, established = 0, failed = {}, closed = 0, dropped = {} } = happened;
  const { sent = 0, replied = 0, messagesFailed = {}, unexpected = 0, counters = [unattempted, 0, 0, 0] } = happened;
  const metrics: Record<string, K6Metric> = {};
  const add = (name: string, metric: K6Metric | null) => {
    if (metric) metrics[name] = metric;
  };
  add('ws_connects_unattempted', counter(counters[0], attempted > 0));
  add('ws_connect_attempts', counter(attempted));
  add('ws_connects_pending', counter(counters[1], attempted > 0));
  add('ws_connect_success', rate(established, total(failed)));
  addByReason(metrics, 'ws_connect_failures', failed);
  add('ws_connect_time', happened.connectMs === undefined ? null : flat(established, happened.connectMs));
  add('ws_establish_time', happened.establishMs === undefined ? null : flat(established, happened.establishMs));
  add('ws_connections_open', counter(counters[2], established > 0));
  add('ws_connections_closed', counter(closed));
  addByReason(metrics, 'ws_connections_dropped', dropped);
  add('ws_connections_held', rate(closed, total(dropped)));
  add('ws_messages_sent', counter(sent));
  add('ws_messages_pending', counter(counters[3], sent > 0));
  add('ws_message_success', rate(replied, total(messagesFailed)));
  addByReason(metrics, 'ws_message_failures', messagesFailed);
  add('ws_message_unexpected', counter(unexpected));
  const rttCount = happened.rttCount ?? replied;
  add('ws_message_rtt', happened.rttMs === undefined ? null : flat(rttCount, happened.rttMs));
  add('ws_message_response_time', happened.rttMs === undefined ? null : flat(rttCount, happened.rttMs));
  if (happened.lag) {
    const { p95, max } = happened.lag;
    add('generator_lag', trend({ count: 99, avg: 1, min: 0, med: 0, 'p(90)': 1, 'p(95)': p95, 'p(99)': max, max }));
  }
  const { memoryBytes: value } = happened;
  if (value) add('generator_memory', { type: 'gauge', contains: 'default', values: { value, min: value, max: value } });
  const checks = Object.entries(happened.checks ?? {}).map(([name, fails]) => ({ name, passes: 0, fails }));
  return {
    metrics: { ...metrics, ...happened.metrics },
    root_group: { checks },
    options: { noColor: true },
    state: { isStdOutTTY: false, testRunDurationMs: 13_000 },
  };
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function counter(count: number, isThere = count !== 0): K6Metric | null {
  return isThere ? { type: 'counter', contains: 'default', values: { count, rate: count / 13 } } : null;
}

function rate(passes: number, fails: number): K6Metric | null {
  const all = passes + fails;
  return all === 0 ? null : { type: 'rate', contains: 'default', values: { rate: passes / all, passes, fails } };
}

export function trend(values: Record<string, number>): K6Metric {
  return { type: 'trend', contains: 'time', values };
}

function flat(count: number, ms: number): K6Metric {
  return trend({ count, avg: ms, min: ms, med: ms, 'p(90)': ms, 'p(95)': ms, 'p(99)': ms, max: ms });
}

function addByReason(metrics: Record<string, K6Metric>, name: string, counts: Record<string, number>): void {
  if (total(counts) > 0) metrics[name] = counter(total(counts)) as K6Metric;
  for (const [reason, count] of Object.entries(counts)) {
    metrics[`${name}{reason:${reason}}`] = counter(count) as K6Metric;
  }
}
