import { groupDigits } from '../plan/format.ts';
import type { TargetResult } from './summary.ts';
import { wrap } from './terminal.ts';
import type { Section } from './text.ts';

/** A process of the test that left no summary. */
export interface MissingShare {
  /** From 1. */
  process: number;
  /** Its execution segment, `1/4:1/2`. */
  segment: string;
  /** Connections that it was to open. */
  planned: number;
  /** How it ended, to be read after "it": `was ended by SIGKILL`. */
  why: string;
}

/** That all processes have reported, as a target; none where they have. */
export function missingTarget(reported: number, missing: readonly MissingShare[]): TargetResult[] {
  if (missing.length === 0) return [];
  const all = reported + missing.length;
  return [{ name: 'processes that reported', metric: 'processes', target: String(all), actual: reported, pass: false }];
}

/** Whose part of the test is in no figure of the report. */
export function missingSections(missing: readonly MissingShare[], processes: number, connections: number): Section[] {
  if (missing.length === 0) return [];
  const lines = missing.flatMap(({ process, segment, planned, why }) =>
    wrap(
      `! process ${process} of ${processes} (segment ${segment}) left no report: it ${why}. Its ${groupDigits(planned)} of ${groupDigits(connections)} planned connections are in no figure below.`,
      76,
    ),
  );
  return [{ title: 'Missing', lines }];
}
