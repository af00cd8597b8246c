import { formatDuration, formatSize } from '../settings/parsers.ts';
import { figure, type K6Data, type K6Metric } from './k6-data.ts';
import type { TargetResult } from './summary.ts';
import { type Target, thresholdOf } from './target.ts';

/** What was measured against each target. k6's own judgement counts; without samples a target fails. */
export function judge(targets: readonly Target[], data: K6Data): TargetResult[] {
  return targets.map((target) => {
    const metric = data.metrics[target.metric];
    // k6 shows the figures of a Trend or Rate without samples as 0.
    const isEmpty =
      (metric?.type === 'trend' && metric.values['count'] === 0) ||
      (metric?.type === 'rate' && metric.values['passes'] === 0 && metric.values['fails'] === 0);
    // Without thresholds (--no-thresholds) k6 leaves a Counter out to which nothing was added.
    const uncounted = target.stat === 'count' ? 0 : null;
    const measured = isEmpty ? null : (metric?.values[target.stat] ?? uncounted);
    const hasSamples = target.samples === null ? (measured ?? 0) > 0 : hasCounted(data, target.samples);
    const actual = hasSamples ? (target.deliveryShare === undefined ? measured : deliveredShare(measured ?? 0)) : null;
    return {
      name: target.name,
      metric: target.metric,
      target: askedText(target),
      actual,
      pass: actual === null ? (target.samples === null ? null : false) : isMet(target, actual, data),
      ...samplesOf(target, metric),
    };
  });
}

/** What a share of a part of the run is made of; the books have that of the whole. */
function samplesOf(
  { metric: name, deliveryShare }: Target,
  metric: K6Metric | undefined,
): Pick<TargetResult, 'samples'> {
  if (!name.includes('{') || metric?.type !== 'rate') return {};
  const { passes = 0, fails = 0 } = metric.values;
  return { samples: { passes, total: deliveryShare === undefined ? passes + fails : fails } };
}

/** The share of what was expected, from the rate d / (d + e). */
function deliveredShare(rate: number): number {
  return rate >= 1 ? 1 : Math.min(1, rate / (1 - rate));
}

function hasCounted(data: K6Data, metric: string): boolean {
  return figure(data, metric, 'count') > 0 || figure(data, metric, 'passes') > 0;
}

function isMet(target: Target, actual: number, data: K6Data): boolean {
  const judged = data.metrics[target.metric]?.thresholds?.[thresholdOf(target)];
  if (judged) return judged.ok;
  return target.deliveryShare === undefined ? compare(actual, target) : actual >= target.deliveryShare;
}

function compare(actual: number, { operator, limit }: Target): boolean {
  switch (operator) {
    case '>':
      return actual > limit;
    case '>=':
      return actual >= limit;
    case '<':
      return actual < limit;
    case '==':
      return actual === limit;
  }
}

/** What a target asks: `> 80 %`, `< 10s`, `< 2GB`, `0`. */
export function askedText({ operator, limit, unit, deliveryShare = limit }: Target): string {
  return operator === '==' ? String(limit) : `${operator} ${valueText(deliveryShare, unit, 0)}`;
}

/** A value in the unit of its target, for people: `99.95 %`, `1.2s`, `1.84GB`. */
export function valueText(value: number, unit: Target['unit'], decimals = 2): string {
  switch (unit) {
    case 'share':
      return `${decimals === 0 ? Number((value * 100).toPrecision(12)) : floorTo(value * 100, decimals)} %`;
    case 'ms':
      return formatDuration(Math.round(value));
    case 'bytes':
      return formatSize(value);
    case 'count':
    case 'number':
      return String(value);
  }
}

/** Rounded down, so that 99.999 % never reads as 100 %. */
function floorTo(value: number, decimals: number): string {
  const scale = 10 ** decimals;
  return (Math.floor(value * scale + 1e-9) / scale).toFixed(decimals);
}

/** Whether a share meets a target as the report writes it, `> 80 %` or `>= 100 %`. */
export function meets(share: number, target: string): boolean {
  const match = /^(>=?) (\d+(?:\.\d+)?) %$/.exec(target);
  if (!match) throw new RangeError(`"${target}" is not the target of a share`);
  const limit = Number(match[2]) / 100;
  return match[1] === '>' ? share > limit : share >= limit;
}
