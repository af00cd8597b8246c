import type { K6Data, K6Metric } from '../../../lib/report/k6-data.ts';

/** What happened in a run, from which k6's metrics follow. Left out: none. */
export interface Happened {
  unattempted?: number;
  attempted?: number;
  established?: number;
  failed?: Record<string, number>;
  /** Left out: the conversation has no login. */
  ready?: number;
  notReady?: Record<string, number>;
  closed?: number;
  dropped?: Record<string, number>;
  sent?: number;
  /** Of those, how many want a reply, where others want none. */
  awaited?: number;
  answered?: number;
  messagesFailed?: Record<string, number>;
  unexpected?: number;
  /** Of each kind of request, where there are several. */
  requests?: Record<string, { sent: number; answered?: number; rttMs?: number }>;
  pushes?: number;
  deliveries?: { expected: number; delivered: number; duplicate?: number };
  /** Least time of a delivery. */
  deliveryMs?: number;
  scriptErrors?: number;
  /** What the up/down counters say at the end: unattempted, pending, open, messages pending, logins pending. */
  counters?: [number, number, number, number, number?];
  /** Of the Trends: the value that all figures have. Without: no samples. */
  connectMs?: number;
  establishMs?: number;
  readyMs?: number;
  rttMs?: number;
  /** Round trips kept; default: all replies. */
  rttCount?: number;
  lag?: { p95: number; max: number };
  /** Share of its time that a VU spent in frames, 0 to 1. */
  busyP95?: number;
  memoryBytes?: number;
  checks?: Record<string, number>;
  metrics?: Record<string, K6Metric>;
}

/** What k6 hands to handleSummary after such a run. A metric that nothing was added to is not there, as in k6. */
export function k6DataOf(happened: Happened): K6Data {
  const { unattempted = 0, attempted = 0, established = 0, failed = {}, closed = 0, dropped = {} } = happened;
  const { sent = 0, answered = 0, messagesFailed = {}, unexpected = 0, counters = [unattempted, 0, 0, 0] } = happened;
  const { ready, notReady = {}, requests = {}, deliveries } = happened;
  const metrics: Record<string, K6Metric> = {};
  const add = (name: string, metric: K6Metric | null) => {
    if (metric) metrics[name] = metric;
  };
  add('ws_connects_unattempted', counter(counters[0], attempted > 0));
  add('ws_connect_attempts', counter(attempted));
  add('ws_connects_pending', counter(counters[1], attempted > 0));
  add('ws_connect_success', rate(established, total(failed)));
  addByReason(metrics, 'ws_connect_failures', failed);
  add('ws_connect_time', flat(established, happened.connectMs));
  add('ws_establish_time', flat(established, happened.establishMs));
  if (ready !== undefined) {
    add('ws_ready_success', rate(ready, total(notReady)));
    add('ws_ready_pending', counter(counters[4] ?? 0, established > 0));
    addByReason(metrics, 'ws_ready_failures', notReady);
    add('ws_ready_time', flat(ready, happened.readyMs));
  }
  add('ws_connections_open', counter(counters[2], established > 0));
  add('ws_connections_closed', counter(closed));
  addByReason(metrics, 'ws_connections_dropped', dropped);
  add('ws_connections_held', rate(closed, total(dropped)));
  add('ws_messages_sent', counter(sent));
  add('ws_messages_sent{awaits:true}', counter(happened.awaited ?? 0));
  add('ws_messages_pending', counter(counters[3], sent > 0));
  add('ws_message_success', rate(answered, total(messagesFailed)));
  addByReason(metrics, 'ws_message_failures', messagesFailed);
  add('ws_message_unexpected', counter(unexpected));
  const rttCount = happened.rttCount ?? answered;
  add('ws_message_rtt', flat(rttCount, happened.rttMs));
  add('ws_message_response_time', flat(rttCount, happened.rttMs));
  for (const [kind, own] of Object.entries(requests)) {
    add(`ws_messages_sent{request:${kind}}`, counter(own.sent));
    add(`ws_message_success{request:${kind}}`, rate(own.answered ?? 0, 0));
    add(`ws_message_rtt{request:${kind}}`, flat(own.answered ?? 0, own.rttMs));
  }
  add('ws_pushes', counter(happened.pushes ?? 0));
  if (deliveries) {
    const { expected, delivered, duplicate = 0 } = deliveries;
    add('ws_deliveries_expected', counter(expected));
    add('ws_deliveries', counter(delivered));
    add('ws_deliveries_duplicate', counter(duplicate));
    add('ws_delivery_success', rate(delivered, expected));
    add('ws_delivery_time', flat(delivered, happened.deliveryMs));
  }
  add('ws_script_errors', counter(happened.scriptErrors ?? 0));
  if (happened.lag) {
    const { p95, max } = happened.lag;
    add('generator_lag', trend({ count: 99, avg: 1, min: 0, med: 0, 'p(90)': 1, 'p(95)': p95, 'p(99)': max, max }));
  }
  const busy = flat(9, happened.busyP95);
  if (busy) metrics['generator_busy'] = { ...busy, contains: 'default' };
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

function flat(count: number, ms: number | undefined): K6Metric | null {
  if (ms === undefined) return null;
  return trend({ count, avg: ms, min: ms, med: ms, 'p(90)': ms, 'p(95)': ms, 'p(99)': ms, max: ms });
}

function addByReason(metrics: Record<string, K6Metric>, name: string, counts: Record<string, number>): void {
  if (total(counts) > 0) metrics[name] = counter(total(counts)) as K6Metric;
  for (const [reason, count] of Object.entries(counts)) {
    metrics[`${name}{reason:${reason}}`] = counter(count) as K6Metric;
  }
}
