import { groupDigits } from '../plan/format.ts';
import { formatDuration } from '../settings/parsers.ts';
import type { Baseline } from './baseline.ts';
import { valueText } from './judge.ts';
import type { ComparedRun, Comparison, Summary } from './summary.ts';
import { columns } from './terminal.ts';
import type { Section } from './text.ts';

/** The storm and the batched run, by what the batches are meant to better. */
export function compare(storm: Summary, { file, summary: batched }: Baseline): Comparison {
  return { file, batched: comparedRun(batched), storm: comparedRun(storm) };
}

function comparedRun({ scenario, plan, connections, latencyMs }: Summary): ComparedRun {
  return {
    scenario,
    batchSize: plan.batchSize,
    batchDelayMs: plan.batchDelayMs,
    attempted: connections.attempted,
    established: connections.established,
    failed: connections.failed,
    connectP95Ms: latencyMs.connect?.p95 ?? null,
    establishMs: latencyMs.establish?.max ?? null,
  };
}

/** Both runs side by side: a row of titles, then one for each figure. */
export function comparisonRows({ batched, storm }: Comparison): string[][] {
  const reasons = [...new Set([...Object.keys(batched.failed), ...Object.keys(storm.failed)])].sort();
  const row = (title: string, of: (run: ComparedRun) => string) => [title, of(batched), of(storm)];
  return [
    ['', batched.scenario, storm.scenario],
    row('opened at once', (run) => groupDigits(run.batchSize)),
    row('attempted', (run) => groupDigits(run.attempted)),
    row('connect success', (run) =>
      run.attempted === 0 ? 'none' : valueText(run.established / run.attempted, 'share'),
    ),
    ...reasons.map((reason) => row(`failed: ${reason}`, (run) => groupDigits(run.failed[reason] ?? 0))),
    row('connect p95', (run) => durationText(run.connectP95Ms)),
    row('time to establish all', (run) => durationText(run.establishMs)),
  ];
}

/** As comparisonRows(), for the terminal. */
export function comparisonSection(comparison: Comparison): Section {
  const { file, batched, storm } = comparison;
  const lines = columns(comparisonRows(comparison));
  if (batched.attempted !== storm.attempted)
    lines.push('! The runs are of different sizes: compare shares, not counts.');
  return { title: `Compared with ${file}`, lines };
}

function durationText(ms: number | null): string {
  return ms === null ? 'nothing measured' : formatDuration(Math.round(ms));
}
