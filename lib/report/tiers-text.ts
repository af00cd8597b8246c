import { groupDigits } from '../plan/format.ts';
import type { Summary, TargetResult, TierResult } from './summary.ts';
import { columns } from './terminal.ts';
import { balanceSection, mark, measuredText, type Section, targetCells } from './text.ts';
import { unitOf } from './unit.ts';

/** The columns of the guide's table, by the metric that each is judged by. */
const GUIDE_COLUMNS = [
  { title: 'success', metric: 'ws_connect_success' },
  { title: 'memory', metric: 'generator_memory' },
  { title: 'all open', metric: 'ws_establish_time' },
] as const;

/** The guide's table with what was measured beside each target, the other targets, and the books of each tier. */
export function tierSections(summary: Summary, tiers: readonly TierResult[], color: boolean): Section[] {
  return [
    { title: 'Targets (expected, measured)', lines: guideTable(tiers, color) },
    {
      title: 'Other targets',
      lines: columns(summary.targets.filter(isOther).map((target) => targetCells(target, color))),
    },
    ...tiers.map((tier) => {
      const { title, lines } = balanceSection(tier, color);
      return { title: `${groupDigits(tier.tier)} connections. ${title}`, lines };
    }),
    ...summary.differences.map((difference) => ({ title: 'All tiers together', lines: [`! ${difference}`] })),
  ];
}

function guideTable(tiers: readonly TierResult[], color: boolean): string[] {
  return columns([
    ['', 'tier', ...GUIDE_COLUMNS.flatMap(({ title }) => [title, ''])],
    ...tiers.map(({ tier, targets }) => [
      mark(rowPass(targets), color),
      groupDigits(tier),
      ...GUIDE_COLUMNS.flatMap(({ metric }) => {
        const result = targets.find((target) => isOf(target, metric));
        if (!result) return ['', ''];
        const measured = result.actual === null ? '-' : measuredText(result);
        return [result.target, `${measured}${result.pass === false ? ` ${mark(false, color)}` : ''}`];
      }),
    ]),
  ]);
}

/** All met, one missed, or not all judged. */
function rowPass(targets: readonly TargetResult[]): boolean | null {
  const row = targets.filter((target) => GUIDE_COLUMNS.some(({ metric }) => isOf(target, metric)));
  if (row.some(({ pass }) => pass === false)) return false;
  return row.every(({ pass }) => pass) ? true : null;
}

function isOther(target: TargetResult): boolean {
  if (GUIDE_COLUMNS.some(({ metric }) => isOf(target, metric))) return false;
  return unitOf(target.metric) !== 'count' || target.pass === false;
}

function isOf(target: TargetResult, metric: string): boolean {
  return target.metric.startsWith(`${metric}{`);
}
