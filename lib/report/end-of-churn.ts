import { churnPlan, describeChurn, ENOUGH_ARRIVALS, ROOM_MS } from '../plan/churn.ts';
import { groupDigits } from '../plan/format.ts';
import type { ProcessShare } from '../plan/segment.ts';
import { formatDuration } from '../settings/parsers.ts';
import type { Settings } from '../settings/settings.ts';
import { withConnections } from './beside.ts';
import type { Facts } from './facts.ts';
import { filesOf } from './files.ts';
import { figure, type K6Data } from './k6-data.ts';
import { arrivalsLine } from './planned-line.ts';
import { summarize } from './summarize.ts';
import type { Arrivals, Summary, TargetResult } from './summary.ts';
import type { Target } from './target.ts';
import { wrap } from './terminal.ts';
import { balanceSection, type Section, targetsSection } from './text.ts';

/** What k6 writes at the end of a churn: as for every scenario, and how many connections began in their turn. */
export function endOfChurn(
  facts: Facts,
  share: ProcessShare,
  targets: readonly Target[],
  data: K6Data,
): Record<string, string> {
  const { settings } = facts;
  const summary = churnSummary(facts, share, targets, data);
  return filesOf(summary, describeChurn(settings, facts.traits), settings.resultsDir, data, (color) => ({
    sections: [
      targetsSection(summary, color),
      arrivalsSection(summary, settings),
      balanceSection(summary, color, arrivalsLine(summary.connections, summary.arrivals)),
    ],
  }));
}

/** As endOfChurn() writes it. */
export function churnSummary(
  facts: Facts,
  share: ProcessShare,
  targets: readonly Target[],
  data: K6Data,
): Summary & { arrivals: Arrivals } {
  const { settings } = facts;
  const plan = churnPlan(settings);
  const summary = summarize('churn', { ...facts, settings: plan.settings }, share, targets, data, plan.totalMs);
  const { planned, attempted } = summary.connections;
  const seconds = settings.churnMs / 1_000;
  // k6 may drop one too many at the very end, when the last turn and the end of the duration coincide.
  const dropped = Math.min(figure(data, 'dropped_iterations'), Math.max(0, planned - attempted));
  const unattempted = Math.max(0, planned - attempted - dropped);
  return {
    ...summary,
    targets: summary.targets.map((result, i) => withoutDropped(result, targets[i], unattempted)),
    connections: { ...summary.connections, unattempted },
    ...(summary.target && {
      target: withConnections(
        summary.target,
        Math.min(plan.concurrent, summary.connections.established),
        settings.urls.length,
        // What all that came and went have left behind is no memory of those that are open.
        false,
      ),
    }),
    latencyMs: { ...summary.latencyMs, establish: null },
    arrivals: {
      askedPerSecond: planned / seconds,
      achievedPerSecond: Number((attempted / seconds).toFixed(3)),
      dropped,
      vus: plan.vus,
    },
  };
}

/** Those that k6 dropped have a target of their own, and are missed once. */
function withoutDropped(result: TargetResult, target: Target | undefined, unattempted: number): TargetResult {
  if (target === undefined || result.metric !== 'ws_connects_unattempted' || result.actual === null) return result;
  return { ...result, actual: unattempted, pass: unattempted < target.limit };
}

function arrivalsSection({ connections, arrivals }: Summary & { arrivals: Arrivals }, settings: Settings): Section {
  const share = arrivals.achievedPerSecond / arrivals.askedPerSecond;
  const reasons: string[] = [];
  if (arrivals.dropped > 0) {
    reasons.push(
      `k6 dropped ${groupDigits(arrivals.dropped)}: all its ${groupDigits(arrivals.vus)} VUs were busy. They suffice while a connection takes at most ${formatDuration(settings.lifetimeMs + ROOM_MS)}, ${formatDuration(ROOM_MS)} more than its life; handshakes, last replies or goodbyes took longer, or the generator was the limit.`,
    );
  }
  if (connections.unattempted > 0 && share < ENOUGH_ARRIVALS) {
    reasons.push('The run ended before the turn of the others, or k6 stood still in it.');
  }
  return {
    title: 'Arrivals',
    lines: [
      `asked ${rateText(arrivals.askedPerSecond)}, achieved ${rateText(arrivals.achievedPerSecond)}: ${(Math.floor(share * 10_000) / 100).toFixed(2)} %`,
      ...reasons.flatMap((reason) => wrap(`! ${reason}`, 74)),
    ],
  };
}

function rateText(perSecond: number): string {
  return `${Number(perSecond.toFixed(2))} connections/s`;
}
