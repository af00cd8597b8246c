import type { K6Data } from './k6-data.ts';
import type { Latency } from './summary.ts';

/** A Trend's figures, or null if it has no samples. */
export function latencyOf(data: K6Data, metric: string): Latency | null {
  const values = data.metrics[metric]?.values;
  if (!values || values['count'] === 0) return null;
  const of = (stat: string) => Number((values[stat] ?? 0).toFixed(3));
  return {
    count: values['count'] ?? null,
    avg: of('avg'),
    min: of('min'),
    med: of('med'),
    p90: of('p(90)'),
    p95: of('p(95)'),
    p99: values['p(99)'] === undefined ? null : of('p(99)'),
    max: of('max'),
  };
}
