import type { K6Data, K6Metric } from './k6-data.ts';

/**
 * A metric as k6 1.5 and later write it under `--new-machine-readable-summary` (or K6_NEW_MACHINE_READABLE_SUMMARY):
 * without k6's judgement of the thresholds, and of a Trend neither the 99th percentile nor the count.
 */
interface NewMetric {
  name: string;
  type: K6Metric['type'];
  contains: K6Metric['contains'];
  values: Record<string, number>;
}

interface NewShape {
  version: string;
  /** In seconds. */
  config?: { duration?: number };
  results: {
    checks?: { results?: { name: string; passes: number; fails: number }[] } | null;
    metrics: NewMetric[];
  };
}

/**
 * What k6 hands to handleSummary, in the one shape that the report reads: of k6 1.8 to 2.2, with each `--summary-mode`,
 * with and without `--new-machine-readable-summary`.
 *
 * @throws Error that says what came instead: k6 prints it, and its own text.
 */
export function k6DataFrom(data: unknown): K6Data {
  const given = Object(data) as Partial<K6Data & NewShape>;
  if (given.metrics && !Array.isArray(given.metrics)) return given as K6Data;
  // k6 hands over its own Go values, whose fields have other names than in the JSON that is documented.
  if (Array.isArray(given.results?.metrics)) return fromNew(JSON.parse(JSON.stringify(given)));
  throw new Error(
    `k6 handed over a summary of a shape that is not known here, with ${Object.keys(given).join(', ') || 'nothing'} in it: expected metrics, or results (k6 1.8 to 2.2); leave out --new-machine-readable-summary`,
  );
}

function fromNew({ config, results }: NewShape): K6Data {
  const seconds = config?.duration ?? 0;
  return {
    metrics: Object.fromEntries(results.metrics.map((metric) => [metric.name, metricFrom(metric, seconds)])),
    root_group: { checks: results.checks?.results ?? [] },
    // Not told: a file is sooner without colours than a terminal with them is missed.
    state: { isStdOutTTY: false, testRunDurationMs: seconds * 1_000 },
  };
}

function metricFrom({ type, contains, values }: NewMetric, seconds: number): K6Metric {
  switch (type) {
    case 'counter':
      return { type, contains, values: { ...values, rate: seconds > 0 ? (values['count'] ?? 0) / seconds : 0 } };
    case 'rate': {
      const { rate = 0, matches = 0, total = 0 } = values;
      return { type, contains, values: { rate, passes: matches, fails: total - matches } };
    }
    case 'trend':
      return { type, contains, values: trendValues(values) };
    default:
      return { type, contains, values };
  }
}

/** `p95` is `p(95)` elsewhere. A Trend that nothing was added to is all 0, which no time of a real one is. */
function trendValues(values: Record<string, number>): Record<string, number> {
  const named = Object.entries(values).map(([stat, value]) => [stat.replace(/^p([\d.]+)$/, 'p($1)'), value]);
  const isEmpty = Object.values(values).every((value) => value === 0);
  return { ...Object.fromEntries(named), ...(isEmpty && { count: 0 }) };
}
