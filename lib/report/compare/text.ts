import { columns, paint, wrap } from '../terminal.ts';
import type { RunComparison } from './compare.ts';
import { type Compared, ENOUGH_RUNS } from './judge.ts';
import { differenceText, sideText, verdictText } from './values.ts';

const WIDTH = 80;
const TITLES = { worse: ' WORSE ', better: ' BETTER ', 'no difference': ' NO DIFFERENCE ' } as const;

/** The comparison for people, on a terminal 80 columns wide. */
export function comparisonText(comparison: RunComparison, color: boolean): string {
  const { verdict, scenario, before, after, figures, notes } = comparison;
  const title = paint(TITLES[verdict], verdict === 'worse' ? 'bad' : 'good', color);
  const lines = [
    `${title} ${scenario}: ${countText(figures)}`,
    ...sourceLines('before', before),
    ...sourceLines('after', after),
  ];
  for (const group of groupsOf(figures)) {
    lines.push('', `  ${group}`, ...groupLines(figures, group, color).map((line) => `    ${line}`));
  }
  const rule = wrap(ruleText(comparison), WIDTH - 2).map((line) => `  ${line}`);
  return `${[...lines, ...noteLines(notes), '', ...rule].join('\n')}\n`;
}

/** `2 of 18 figures worse, 1 better`. */
export function countText(figures: readonly Compared[]): string {
  const judged = figures.filter(({ verdict }) => verdict !== null);
  const of = (verdict: Compared['verdict']) => judged.filter((figure) => figure.verdict === verdict).length;
  return `${of('worse')} of ${judged.length} figures worse, ${of('better')} better`;
}

export function groupsOf(figures: readonly Compared[]): string[] {
  return [...new Set(figures.map(({ group }) => group))];
}

/** What counts as a difference, so that nobody has to look it up. */
export function ruleText({ worse, before, after }: RunComparison): string {
  const limit = `${Number((worse * 100).toPrecision(6))} %`;
  if (before.sources.length >= ENOUGH_RUNS && after.sources.length >= ENOUGH_RUNS) {
    return `A difference counts beyond ${limit} and beyond the spread: each run of one side is beyond each of the other, and the medians are further apart than the runs of a side.`;
  }
  return `A difference counts beyond ${limit} and beyond what two runs of one build differ by. From ${ENOUGH_RUNS} runs of each side on, their own spread decides.`;
}

function sourceLines(side: string, { sources, verdicts }: RunComparison['before']): string[] {
  return sources.map((source, i) => `  ${(i === 0 ? side : '').padEnd(7)} ${source}: ${verdicts[i]}`);
}

function groupLines(figures: readonly Compared[], group: string, color: boolean): string[] {
  const rows = figures
    .filter((figure) => figure.group === group)
    .map((figure) => {
      const verdict = verdictText(figure);
      const mark = figure.verdict === 'worse' || figure.verdict === 'better' ? figure.verdict : 'same';
      return [
        figure.name,
        sideText(figure, figure.before),
        sideText(figure, figure.after),
        differenceText(figure),
        mark === 'same' ? verdict : paint(verdict, mark === 'worse' ? 'bad' : 'good', color),
      ];
    });
  return columns([['', 'before', 'after', '', ''], ...rows]);
}

function noteLines(notes: readonly string[]): string[] {
  if (notes.length === 0) return [];
  return [
    '',
    ...notes.flatMap((note) => wrap(`! ${note}`, WIDTH - 4).map((line, i) => `  ${i === 0 ? '' : '  '}${line}`)),
  ];
}
