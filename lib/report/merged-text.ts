import { groupDigits, inShort } from '../plan/format.ts';
import { formatSize } from '../settings/parsers.ts';
import { capacitySections } from './capacity-text.ts';
import type { MergedSummary } from './merge.ts';
import { missingSections } from './missing.ts';
import { arrivalsLine } from './planned-line.ts';
import { reconnectSections } from './reconnect-text.ts';
import { columns } from './terminal.ts';
import { balanceSection, reportText, type Section, targetsSection } from './text.ts';
import { tierSections } from './tiers-text.ts';

/** The report of a merged test for people: as after one run, and below it the processes. */
export function mergedText(summary: MergedSummary, color: boolean): string {
  const { plan, processes, missing = [] } = summary;
  const count = processes.length + missing.length;
  const planned = summary.description ?? `${groupDigits(plan.connections)} connections to ${inShort(plan.urls)}`;
  const sentence = `${planned}; by ${count} processes`;
  const sections = [...missingSections(missing, count, plan.connections), ...ownSections(summary, color)];
  return [
    reportText(summary, sentence, color, { sections }).trimEnd(),
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
    '    Med and p90 to p99 are of the worst process: percentiles do not add up.',
    memoryLine(processes),
    '',
  ].join('\n');
}

function memoryLine(processes: MergedSummary['processes']): string {
  const known = processes.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  const together = known.length > 1 ? `, ${formatSize(known.reduce((sum, bytes) => sum + bytes, 0))} together` : '';
  return `    Memory is the largest process${together}; the target holds for each.`;
}

/** Targets and balance, as the scenario shows them. */
function ownSections(summary: MergedSummary, color: boolean): Section[] {
  if (summary.tiers) return tierSections(summary, summary.tiers, color);
  if (summary.capacity) return capacitySections(summary, summary.capacity, color);
  if (summary.reconnect) return reconnectSections(summary, summary.reconnect, color);
  if (summary.arrivals) {
    const line = arrivalsLine(summary.connections, summary.arrivals);
    return [targetsSection(summary, color), balanceSection(summary, color, line)];
  }
  return [targetsSection(summary, color), balanceSection(summary, color)];
}
