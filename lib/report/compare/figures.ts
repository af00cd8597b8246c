import type { Books, Latency, Summary, TargetResult } from '../summary.ts';
import { unitOf } from '../unit.ts';
import { capacityFigures, capacityOf } from './capacity-figures.ts';
import type { Figure, Noise } from './figure.ts';
import { recoveryFigures } from './recovery-figures.ts';
import { ownFigures } from './target-figures.ts';

/** What two runs are compared by, in the order of the report. */
export function figuresOf(summary: Summary): Figure[] {
  const capacity = capacityOf(summary);
  return [
    ...(capacity ? capacityFigures(capacity) : [...targetFigures(summary), ...latencyFigures(summary)]),
    ...recoveryFigures(summary),
    ...ownFigures(summary),
    ...generatorFigures(summary),
    ...failureFigures(summary),
  ].map((figure) => withLateness(figure, summary.generator.lagMs));
}

/** Where the host is busy, the generator is late to send and to read: that is in all far out times, whatever the server did. */
function withLateness(figure: Figure, lag: Latency | null): Figure {
  const late = { tail: lag?.p95, outermost: lag?.p99, burst: lag?.max } as Partial<Record<Noise, number | null>>;
  const lateMs = figure.unit === 'ms' ? late[figure.noise] : undefined;
  return typeof lateMs === 'number' ? { ...figure, lateMs } : figure;
}

function targetFigures(summary: Summary): Figure[] {
  if (!summary.tiers) return summary.targets.map((target) => ofTarget(target, summary));
  // Their names say of which tier they are.
  return summary.tiers.flatMap((tier) => tier.targets.map((target) => ofTarget(target, tier)));
}

/** By the metric's name: what the samples of its share are. */
const SAMPLES: Record<string, (books: Books) => number | undefined> = {
  ws_connect_success: ({ connections }) => connections.attempted,
  ws_ready_success: ({ connections }) => connections.established,
  ws_connections_held: ({ connections }) => connections.ready,
  ws_message_success: ({ messages }) => messages.sent - messages.sentOnly,
  ws_delivery_success: ({ deliveries }) => deliveries?.expected,
};

function ofTarget({ name, metric, target, actual, pass }: TargetResult, books: Books): Figure {
  const [base = metric] = metric.split('{');
  const unit = unitOf(metric);
  return {
    group: 'Targets',
    name,
    unit: unit === 'count' ? 'number' : unit,
    better: /^>/.test(target) ? 'more' : 'less',
    noise: base === 'ws_recovery_time' ? 'recovery' : noiseOf(name, unit),
    value: actual,
    of: SAMPLES[base]?.(books) ?? null,
    asked: target,
    met: pass,
  };
}

function noiseOf(name: string, unit: ReturnType<typeof unitOf>): Noise {
  switch (unit) {
    case 'share':
      return 'share';
    case 'bytes':
      return 'memory';
    case 'ms':
      return / p95\b/.test(name) ? 'tail' : 'burst';
    default:
      return 'exact';
  }
}

function latencyFigures({ latencyMs, messages }: Summary): Figure[] {
  const { connect, ready, roundTrip, response, firstReply, delivery } = latencyMs;
  const kinds = Object.entries(messages.byRequest ?? {});
  return [
    ...percentiles('connect', connect, true),
    ...percentiles('login', ready, true),
    ...percentiles('round trip', roundTrip),
    ...(kinds.length > 1 ? kinds.flatMap(([kind, books]) => percentiles(`  ${kind}`, books.latencyMs)) : []),
    ...percentiles('from intended send', response),
    ...percentiles('first reply', firstReply),
    ...percentiles('delivery', delivery),
  ];
}

function percentiles(name: string, latency: Latency | null, isBurst = false): Figure[] {
  const figure = (percentile: string, noise: Noise, value: number | null | undefined): Figure => ({
    group: 'Latency',
    name: `${name} ${percentile}`,
    unit: 'ms',
    better: 'less',
    noise: isBurst ? 'burst' : noise,
    value: value ?? null,
    of: null,
  });
  return [
    { ...figure('p50', 'typical', latency?.med), isNeeded: true },
    figure('p95', 'tail', latency?.p95),
    figure('p99', 'outermost', latency?.p99),
  ];
}

/** The host's own doing: shown, so that a difference above is not taken for the server's. */
function generatorFigures(summary: Summary): Figure[] {
  const { generator, targets } = summary;
  const shown = { group: 'Generator', better: null, noise: 'exact', of: null } as const;
  const isTarget = capacityOf(summary) === null && targets.some(({ metric }) => unitOf(metric) === 'bytes');
  return [
    ...(isTarget ? [] : [{ ...shown, name: 'memory of k6', unit: 'bytes', value: generator.memoryBytes } as const]),
    { ...shown, name: 'lag p95', unit: 'ms', value: generator.lagMs?.p95 ?? null },
  ];
}

/** By reason, so that a share which fell is explained. */
function failureFigures({ connections, messages }: Summary): Figure[] {
  const of = (what: string, reasons: Record<string, number>): Figure[] =>
    Object.entries(reasons).map(([reason, count]) => ({
      group: 'Failures',
      name: `${what}: ${reason}`,
      unit: 'number',
      better: null,
      noise: 'exact',
      value: count,
      of: null,
    }));
  return [
    ...of('not established', connections.failed),
    ...of('not ready', connections.notReady),
    ...of('dropped', connections.dropped),
    ...of('messages', messages.failed),
  ];
}
