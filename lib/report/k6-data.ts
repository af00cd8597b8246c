import { readCheckName, type WordKind } from '../metrics/words.ts';

/** Checks are counted where they were made: in the group of k6's group() that was open then. */
export interface K6Group {
  checks?: K6Check[];
  groups?: K6Group[];
}

export interface K6Check {
  name: string;
  passes: number;
  fails: number;
}

/** What k6 hands to handleSummary, as far as the report reads it. */
export interface K6Data {
  metrics: Record<string, K6Metric>;
  root_group?: K6Group;
  options?: { noColor?: boolean };
  state?: { isStdOutTTY?: boolean; testRunDurationMs?: number };
}

export interface K6Metric {
  type: 'counter' | 'gauge' | 'rate' | 'trend';
  contains: 'default' | 'time' | 'data';
  values: Record<string, number>;
  thresholds?: Record<string, { ok: boolean }>;
}

/** A metric's figure; 0 where the metric has none, as for a counter that nothing was added to. */
export function figure(data: K6Data, metric: string, stat = 'count'): number {
  return data.metrics[metric]?.values[stat] ?? 0;
}

/** All checks of a run, whatever group they were made in, a name once. */
export function checksOf(data: K6Data): K6Check[] {
  const found = new Map<string, K6Check>();
  const add = ({ checks = [], groups = [] }: K6Group) => {
    for (const { name, passes, fails } of checks) {
      const before = found.get(name);
      found.set(name, { name, passes: passes + (before?.passes ?? 0), fails: fails + (before?.fails ?? 0) });
    }
    for (const group of groups) add(group);
  };
  add(data.root_group ?? {});
  return [...found.values()];
}

/** Our words of one kind with their counts (lib/metrics/words.ts). */
export function wordsOf(data: K6Data, kind: WordKind): Record<string, number> {
  return Object.fromEntries(
    Object.entries(resultsOf(data, kind)).map(([word, { passes, fails }]) => [word, passes + fails]),
  );
}

/** Our words of one kind, with how often each was said as a success and as a failure. */
export function resultsOf(data: K6Data, kind: WordKind): Record<string, { passes: number; fails: number }> {
  const results: Record<string, { passes: number; fails: number }> = Object.create(null);
  for (const { name, passes, fails } of checksOf(data)) {
    const read = readCheckName(name);
    if (read?.kind === kind) results[read.word] = { passes, fails };
  }
  return results;
}

/**
 * Counts by reason: those known beforehand, the conversation's own words, and as `other` what neither names.
 *
 * @param kind - of the words.
 */
export function byReasonAndWord(
  data: K6Data,
  metric: string,
  reasons: readonly string[],
  kind: WordKind,
): Record<string, number> {
  const counts = byReason(data, metric, reasons);
  for (const [word, count] of Object.entries(wordsOf(data, kind))) counts[word] = (counts[word] ?? 0) + count;
  const rest = figure(data, metric) - Object.values(counts).reduce((total, count) => total + count, 0);
  if (rest > 0) counts['other'] = (counts['other'] ?? 0) + rest;
  return counts;
}

/** Counts of a metric's parts by the tag `reason`, without those that are 0. */
export function byReason(data: K6Data, metric: string, reasons: readonly string[]): Record<string, number> {
  // Words are the server's: `constructor` is one, and no object has it already.
  const counts: Record<string, number> = Object.create(null);
  for (const reason of reasons) {
    const count = figure(data, `${metric}{reason:${reason}}`);
    if (count !== 0) counts[reason] = count;
  }
  return counts;
}
