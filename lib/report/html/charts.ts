import type { Recording } from './recording.ts';
import { thin, type Values } from './thin.ts';

export type ChartUnit = 'count' | 'per second' | 'ms' | 'bytes' | 'bytes per second' | 'share' | 'cores';

export interface Line {
  label: string;
  values: Values;
  /** What is asked, beside what is. */
  isPlan?: boolean;
  /** Read now and then, and in force until it is read again: points are joined over times without one. */
  isLevel?: boolean;
}

export interface Chart {
  title: string;
  unit: ChartUnit;
  /** Seconds since the start of the run. */
  times: number[];
  lines: Line[];
}

/** Points of a chart. */
export const MAX_POINTS = 600;
/** Lines of one chart by reason; the others are one line together. */
const MAX_REASONS = 6;

/** The charts for which a recording has points, in the order of the page. */
export function chartsOf(recording: Recording): Chart[] {
  const { times, metrics } = recording;
  const column = (kind: 'total' | 'period', name: string, stat: string): Values =>
    metrics.get(name)?.[kind][stat] ?? [];
  const line = (label: string, values: Values): Line => ({ label, values });
  /** A Counter that goes up and down. */
  const level = (label: string, name: string) => line(label, counted(column('total', name, 'count')));
  /** Of a Trend, whose samples are readings, the greatest of the period. */
  const gauge = (label: string, name: string): Line => ({
    ...line(label, column('period', name, metrics.get(name)?.type === 'trend' ? 'max' : 'value')),
    isLevel: true,
  });
  const perSecond = (label: string, name: string) =>
    line(label, counted(rateOf(times, column('total', name, 'count'))));
  const quantiles = (name: string) => [
    line('p50', column('period', name, 'med')),
    line('p95', column('period', name, 'p(95)')),
    line('p99', column('period', name, 'p(99)')),
  ];
  const byReason = (label: string, name: string) => reasonLines(label, name, recording, perSecond);
  const named = (pattern: RegExp) => [...metrics.keys()].filter((name) => pattern.test(name)).sort();

  const open = gauge('open', 'ws_connections_now');
  // Below the other, which hides it where all is as planned.
  const plan = { ...gauge('plan', 'ws_connections_due'), isPlan: true };
  const charts: [title: string, unit: ChartUnit, lines: Line[]][] = [
    [
      'Open connections against the plan',
      'count',
      hasPoints(open) ? [plan, open] : [level('open', 'ws_connections_open')],
    ],
    [
      'Attempts and failures',
      'per second',
      [
        perSecond('attempts', 'ws_connect_attempts'),
        ...byReason('failed', 'ws_connect_failures'),
        ...byReason('not ready', 'ws_ready_failures'),
        ...byReason('dropped', 'ws_connections_dropped'),
      ],
    ],
    ['Connect time', 'ms', quantiles('ws_connect_time')],
    ['Login time', 'ms', quantiles('ws_ready_time')],
    ['Round trip', 'ms', quantiles('ws_message_rtt')],
    ['From the intended send to the reply', 'ms', quantiles('ws_message_response_time')],
    ['Messages', 'per second', [perSecond('sent', 'ws_messages_sent'), ...byReason('failed', 'ws_message_failures')]],
    [
      'Deliveries',
      'per second',
      [perSecond('delivered', 'ws_deliveries'), perSecond('doubled', 'ws_deliveries_duplicate')],
    ],
    ['Delivery time', 'ms', quantiles('ws_delivery_time')],
    ['Outages', 'count', [level('clients down', 'ws_outages_open'), level('clients ready', 'ws_clients_ready')]],
    [
      'Outages and reconnects',
      'per second',
      [perSecond('dropped', 'ws_outages'), perSecond('attempts again', 'ws_reconnect_attempts')],
    ],
    ['Time until ready again', 'ms', quantiles('ws_recovery_time')],
    ['Memory', 'bytes', named(/^(generator|k6|ws_target)_memory$/).map((name) => gauge(ownerOf(name), name))],
    ['CPU', 'cores', named(/^(k6|ws_target)_cpu$/).map((name) => gauge(ownerOf(name), name))],
    ['CPU of the host of k6', 'share', [gauge('in use', 'host_cpu')]],
    ['Memory of the host of k6', 'bytes', [gauge('in use', 'host_memory')]],
    [
      'Network of the host of k6',
      'bytes per second',
      [gauge('in', 'host_network_in'), gauge('out', 'host_network_out')],
    ],
    ['Event loop lag of the target', 'ms', [gauge('target', 'ws_target_eventloop_lag')]],
    ['Lag of k6 behind its own schedule', 'ms', quantiles('generator_lag')],
    ['Share of time in frames', 'share', quantiles('generator_busy')],
  ];
  return charts
    .map(([title, unit, lines]) => ({ title, unit, ...only(times, lines.filter(hasPoints)) }))
    .filter(({ lines }) => lines.length > 0);
}

function only(times: readonly number[], lines: readonly Line[]): Pick<Chart, 'times' | 'lines'> {
  const thinned = thin(
    times,
    lines.map(({ values }) => values),
    MAX_POINTS,
  );
  return { times: thinned.times, lines: lines.map((own, i) => ({ ...own, values: thinned.lines[i] ?? [] })) };
}

function hasPoints({ values }: Line): boolean {
  return values.some((value) => value !== null);
}

/** What was never counted is no line; a time of 0 ms is one. */
function counted(values: Values): Values {
  return values.some((value) => (value ?? 0) !== 0) ? values : [];
}

/**
 * What was added in each period, per second. The last one is what was left when k6 ended; where it is but a moment, its
 * additions are those of the one before, too.
 */
function rateOf(times: readonly number[], totals: Values): Values {
  const time = (i: number) => (i < 0 ? 0 : (times[i] ?? 0));
  const last = totals.length - 1;
  const isShort = last > 0 && time(last) - time(last - 1) < (time(last - 1) - time(last - 2)) / 2;
  return totals.map((_, i) => {
    if (isShort && i === last) return null;
    const until = isShort && i === last - 1 ? last : i;
    const total = totals[until] ?? null;
    const seconds = time(until) - time(i - 1);
    return total === null || seconds <= 0 ? null : Math.max(0, total - (i === 0 ? 0 : (totals[i - 1] ?? 0))) / seconds;
  });
}

/** A line for each reason, the commonest first; one for all of them where the recording has no reasons. */
function reasonLines(
  label: string,
  name: string,
  { metrics, times }: Recording,
  perSecond: (label: string, name: string) => Line,
): Line[] {
  const ofReason = new RegExp(`^${name}\\{reason:(.+)\\}$`);
  const most = (metric: string) =>
    Math.max(0, ...(metrics.get(metric)?.total['count'] ?? []).map((count) => count ?? 0));
  const reasons = [...metrics.keys()].filter((metric) => ofReason.test(metric)).sort((a, b) => most(b) - most(a));
  if (reasons.length === 0) return [perSecond(label, name)];
  const lines = reasons.map((metric) => perSecond(`${label}: ${ofReason.exec(metric)?.[1]}`, metric));
  if (lines.length <= MAX_REASONS) return lines;
  const others = lines.slice(MAX_REASONS - 1);
  const values = times.map((_, i) => others.reduce((sum, { values: own }) => sum + (own[i] ?? 0), 0));
  return [...lines.slice(0, MAX_REASONS - 1), { label: `${label}: ${others.length} others`, values }];
}

/** `generator_memory` is the peak of k6 itself, `ws_target_memory` is of the target. */
function ownerOf(name: string): string {
  const owner = name
    .replace(/^ws_/, '')
    .replace(/_(memory|cpu)$/, '')
    .replaceAll('_', ' ');
  return owner === 'generator' ? 'k6, peak so far' : owner;
}
