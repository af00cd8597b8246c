import { groupDigits } from '../plan/format.ts';
import { formatDuration } from '../settings/parsers.ts';
import { valueText } from './judge.ts';
import type { Capacity, CapacityStep, Latency, Summary } from './summary.ts';
import { columns, wrap } from './terminal.ts';
import { balanceSection, mark, type Section, targetCells } from './text.ts';

/** Columns by the metric that a step is judged by, for those that its conversation has. */
const SHARES = [
  { title: 'connected', metric: 'ws_step_connect_success' },
  { title: 'logins', metric: 'ws_step_ready_success' },
  { title: 'held', metric: 'ws_step_held' },
  { title: 'answered', metric: 'ws_message_success' },
  { title: 'delivered', metric: 'ws_delivery_success' },
] as const;

/** The limit and its cause, the steps, the targets where it was decided, and the books. */
export function capacitySections(summary: Summary, capacity: Capacity, color: boolean): Section[] {
  const { failedAt, reasons, causes, steps } = capacity;
  const judged = steps.filter(({ pass }) => pass !== null);
  const deciding = steps.find(({ connections }) => connections === failedAt) ?? judged[judged.length - 1];
  const others = summary.targets.filter(({ metric, pass }) => !metric.includes('{step:') && pass === false);
  return [
    {
      title: failedAt === null ? 'Limit: none was found' : `Limit at ${groupDigits(failedAt)} connections`,
      lines: [...reasons, ...causes].flatMap((line, i) =>
        wrap(line, 74).map((part, j) => `${i < reasons.length ? (j === 0 ? '✗ ' : '  ') : '  '}${part}`),
      ),
    },
    { title: 'Steps', lines: stepLines(steps, color) },
    {
      title: `Targets at ${groupDigits(deciding?.connections ?? 0)} connections`,
      lines: columns(
        [...(deciding?.targets ?? []), ...others].map((target) =>
          targetCells({ ...target, name: target.name.replace(/ at [\d,]+$/, '') }, color),
        ),
      ),
    },
    balanceSection(summary, color),
  ];
}

function stepLines(steps: readonly CapacityStep[], color: boolean): string[] {
  const shown = steps.filter(({ pass, limits }) => pass !== null || limits.length > 0);
  const rest = steps.length - shown.length;
  const shares = SHARES.filter(({ metric }) => steps[0]?.targets.some((target) => target.metric.startsWith(metric)));
  const hasReplies = shown.some(({ roundTripMs }) => roundTripMs !== null);
  const lines = columns([
    ['', 'connections', 'open', ...shares.map(({ title }) => title), ...(hasReplies ? ['p95'] : []), 'connect', 'lag'],
    ...shown.map((step) => [
      mark(step.pass, color),
      groupDigits(step.connections),
      groupDigits(step.open),
      ...shares.map(({ metric }) => shareCell(step, metric)),
      ...(hasReplies ? [timeCell(step.roundTripMs, 'p95')] : []),
      timeCell(step.connectMs, 'max'),
      `${timeCell(step.lagMs, 'p95')}${step.limits.length > 0 ? ' !' : ''}`,
    ]),
  ]);
  const [from, to] = [steps[shown.length], steps[steps.length - 1]];
  return [
    ...(shown.length > 0 ? lines : []),
    ...(rest > 0 && from && to
      ? [
          rest === 1
            ? `${groupDigits(to.connections)} was not judged`
            : `${groupDigits(from.connections)} to ${groupDigits(to.connections)} were not judged`,
        ]
      : []),
    ...shown.flatMap(({ connections, limits }) =>
      limits.flatMap((limit) => wrap(`! at ${groupDigits(connections)}, the generator: ${limit}`, 74)),
    ),
    ...(shown.length > 0
      ? wrap(
          `${hasReplies ? 'p95: round trips. ' : ''}connect: the slowest. lag: of this host behind its own schedule, p95.`,
          74,
        )
      : []),
  ];
}

function shareCell({ targets }: CapacityStep, metric: string): string {
  const result = targets.find((target) => target.metric.startsWith(`${metric}{`));
  return result === undefined || result.actual === null ? '-' : valueText(result.actual, 'share');
}

function timeCell(latency: Latency | null, stat: 'p95' | 'max'): string {
  return latency === null ? '-' : formatDuration(Math.round(latency[stat]));
}
