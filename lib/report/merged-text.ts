import { groupDigits } from '../plan/format.ts';
import { formatSize } from '../settings/parsers.ts';
import type { MergedSummary } from './merge.ts';
import { columns } from './terminal.ts';
import { reportText } from './text.ts';

/** The report of a merged test for people: as after one run, and below it the processes. */
export function mergedText(summary: MergedSummary, color: boolean): string {
  const { plan, processes } = summary;
  const sentence = `${groupDigits(plan.connections)} connections to ${plan.urls.join(', ')} by ${processes.length} processes`;
  return [
    reportText(summary, sentence, color).trimEnd(),
    '',
    '  Processes',
    ...columns([
      ['segment', 'planned', 'established', 'memory', 'by itself', 'file'],
      ...processes.map((process) => [
        process.segment ?? 'all',
        groupDigits(process.planned),
        groupDigits(process.established),
        process.memoryBytes === null ? 'not measured' : formatSize(process.memoryBytes),
        process.verdict,
        process.source,
      ]),
    ]).map((line) => `    ${line}`),
    '',
    '    Med and p90 to p99 are those of the worst process: percentiles do not add up.',
    '    Memory is the largest process; the target holds for each.',
    '',
  ].join('\n');
}
