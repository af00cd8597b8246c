import { groupDigits } from '../plan/format.ts';
import { TREND_STATS } from '../plan/options.ts';
import type { K6Data, K6Metric } from './k6-data.ts';

/** Figures of a Trend that k6 shows if not told otherwise. */
const USUAL_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

/** Those that the test asks for; k6's `--summary-trend-stats` can add others. */
const OUR_STATS: readonly string[] = TREND_STATS;

/**
 * k6's own metrics in its usual form. handleSummary replaces k6's end-of-test text and k6 offers no way to have both
 * (its summary.js is not importable without the network), so the form is written again here.
 */
export function k6MetricsText(data: K6Data): string {
  const names = Object.keys(data.metrics)
    // generator_identity is no measurement (lib/generator/identity.ts).
    .filter((name) => !name.includes('{') && name !== 'generator_identity')
    .sort();
  const width = Math.max(...names.map((name) => name.length)) + 3;
  const lines = names.map((name) => {
    const metric = data.metrics[name] as K6Metric;
    return `    ${`${name}`.padEnd(width, '.')}: ${metricText(metric)}`;
  });
  return `  k6 metrics\n${lines.join('\n')}\n`;
}

function metricText({ type, contains, values }: K6Metric): string {
  const of = (stat: string) => value(values[stat] ?? 0, contains);
  switch (type) {
    case 'counter':
      return `${of('count')} ${value(values['rate'] ?? 0, contains)}/s`;
    case 'gauge':
      return `${of('value')} min=${of('min')} max=${of('max')}`;
    case 'rate':
      return `${((values['rate'] ?? 0) * 100).toFixed(2)}% ${groupDigits(values['passes'] ?? 0)} out of ${groupDigits((values['passes'] ?? 0) + (values['fails'] ?? 0))}`;
    case 'trend':
      return [...USUAL_STATS, ...Object.keys(values).filter((stat) => !OUR_STATS.includes(stat))]
        .filter((stat) => values[stat] !== undefined)
        .map((stat) => `${stat}=${of(stat)}`)
        .join(' ');
  }
}

function value(amount: number, contains: K6Metric['contains']): string {
  if (contains === 'time') return time(amount);
  if (contains === 'data') return bytes(amount);
  return Number.isInteger(amount) ? String(amount) : amount.toFixed(2);
}

function time(ms: number): string {
  if (ms === 0) return '0s';
  // A delivery between clocks that differ.
  if (ms < 0) return `-${time(-ms)}`;
  // Each is rounded before its unit is chosen: never 1000ms, 60s or 1m60s.
  const micros = Number((ms * 1000).toFixed(2));
  if (micros < 1_000) return `${micros}µs`;
  const millis = Number(ms.toFixed(2));
  if (millis < 1_000) return `${millis}ms`;
  const seconds = Number((ms / 1_000).toFixed(2));
  if (seconds < 60) return `${seconds}s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}m${whole % 60}s`;
}

function bytes(amount: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const) {
    if (amount >= size) return `${(amount / size).toFixed(1)} ${unit}`;
  }
  return `${Math.round(amount)} B`;
}
