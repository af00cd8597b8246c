/** What k6 hands to handleSummary, as far as the report reads it. */
export interface K6Data {
  metrics: Record<string, K6Metric>;
  root_group?: { checks?: { name: string; passes: number; fails: number }[] };
  options?: { noColor?: boolean };
  state?: { isStdOutTTY?: boolean; testRunDurationMs?: number };
}

export interface K6Metric {
  type: 'counter' | 'gauge' | 'rate' | 'trend';
  contains: 'default' | 'time' | 'data';
  values: Record<string, number>;
  thresholds?: Record<string, { ok: boolean }>;
}

/** A metric's figure; 0 where the metric has none, as for a counter that nothing was added to. */
export function figure(data: K6Data, metric: string, stat = 'count'): number {
  return data.metrics[metric]?.values[stat] ?? 0;
}

/** Counts of a metric's parts by the tag `reason`, without those that are 0. */
export function byReason(data: K6Data, metric: string, reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) {
    const count = figure(data, `${metric}{reason:${reason}}`);
    if (count !== 0) counts[reason] = count;
  }
  return counts;
}
