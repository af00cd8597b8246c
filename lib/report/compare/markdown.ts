import type { RunComparison } from './compare.ts';
import type { Compared } from './judge.ts';
import { countText, groupsOf, ruleText } from './text.ts';
import { differenceText, sideText, verdictText } from './values.ts';

const TITLES = { worse: '❌ Worse', better: '✅ Better', 'no difference': '✅ No difference' } as const;

/** The comparison for a pull request: what differs at once, the rest behind a click. */
export function comparisonMarkdown(comparison: RunComparison): string {
  const { verdict, scenario, before, after, figures, notes } = comparison;
  const different = figures.filter((figure) => figure.verdict === 'worse' || figure.verdict === 'better');
  const runs = (side: RunComparison['before']) =>
    `${side.sources.length} ${side.sources.length === 1 ? 'run' : 'runs'}`;
  return `${[
    `### ${TITLES[verdict]}: ${escaped(scenario)}`,
    '',
    `Before: ${runs(before)}. After: ${runs(after)}. ${countText(figures)}.`,
    ...(different.length > 0 ? ['', ...table(different)] : []),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `- ${escaped(note)}`)] : []),
    '',
    '<details><summary>All figures</summary>',
    ...groupsOf(figures).flatMap((group) => [
      '',
      `**${group}**`,
      '',
      ...table(figures.filter((figure) => figure.group === group)),
    ]),
    '',
    '</details>',
    '',
    `<sub>${ruleText(comparison)}</sub>`,
  ].join('\n')}\n`;
}

function table(figures: readonly Compared[]): string[] {
  return [
    '| | before | after | difference | |',
    '| --- | --- | --- | --- | --- |',
    ...figures.map((figure) => {
      const verdict = verdictText(figure);
      const cells = [
        figure.name.trim(),
        sideText(figure, figure.before),
        sideText(figure, figure.after),
        differenceText(figure),
        figure.verdict === 'worse' ? `**${verdict}**` : verdict,
      ];
      return `| ${cells.map(escaped).join(' | ')} |`;
    }),
  ];
}

/** Names can come from a conversation: words of the user's and the server's. */
function escaped(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`_[\]<>|#]/g, '\\$&');
}
