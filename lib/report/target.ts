/**
 * One thing that a run is judged by. It is data: thresholds/ decides which there are and why, the report shows what
 * was measured against each.
 */
export interface Target {
  name: string;
  /** The metric, with a tag selector where a part of it is judged: `ws_connect_success{tier:1000}`. */
  metric: string;
  /** The metric's figure, as k6's thresholds call it. */
  stat: 'rate' | 'avg' | 'max' | 'p(95)' | 'value' | 'count';
  operator: '>' | '>=' | '<' | '==';
  limit: number;
  /** count: something that has to be 0 at the end; number: something to have. */
  unit: 'share' | 'ms' | 'bytes' | 'count' | 'number';
  /** The share of deliveries that is asked, where the metric's rate is that of deliveries among them and what was expected. */
  deliveryShare?: number;
  /**
   * The metric that proves there are samples (a Counter above 0, or the Rate of which each success adds one), else
   * the target fails: k6 passes a threshold on a Rate, Trend or Gauge that nothing was added to. null: a missing
   * measurement is shown as not judged.
   */
  samples: string | null;
}

/** One target as k6 writes it, for example `rate>0.8`. */
export function thresholdOf(target: Target): string {
  return `${target.stat}${target.operator}${target.limit}`;
}

/** The threshold that fails when a target has no samples. */
export function samplesThreshold(metric: string): string {
  return /^ws_(step_)?(connect|ready|message)_success/.test(metric) ? 'rate>0' : 'count>0';
}

/**
 * Of a request to a large reach only each k-th delivery adds a sample, and each VU can have a rest of less than one: so
 * much of a share is not the server's (lib/connection/fan-out.ts).
 */
export const DELIVERY_TOLERANCE = 0.0005;
