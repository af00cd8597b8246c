import { meets } from './judge.ts';
import type { Books, TargetResult } from './summary.ts';
import { DELIVERY_TOLERANCE } from './target.ts';
import { unitOf } from './unit.ts';

/** One process's part: its own books, and what it was judged by. */
export interface Judged extends Pick<Books, 'connections'> {
  targets: readonly TargetResult[];
}

/**
 * Judges targets anew on the values of all processes together.
 *
 * @param processes - each one's results, in the same order, and its books.
 * @param books - the sums over all processes.
 * @param isInBooks - whether the books are of just what a metric measures. Of another part of the run (by tag) a rate is
 *   formed anew from the samples of the results.
 * @param shareOf - part and whole of what is not in the books of connections; null: it is.
 */
export function mergeTargets(
  processes: readonly Judged[],
  books: Books,
  isInBooks: (metric: string) => boolean,
  shareOf: ShareOf = () => null,
): TargetResult[] {
  // A small part of a test can leave a process without a connection: it has nothing to show, and nothing against it.
  const busy = processes.filter(({ connections }) => connections.planned > 0);
  return (processes[0]?.targets ?? []).map(({ samples: _own, ...target }, index) => {
    const results = busy.flatMap(({ targets, connections: { unattempted } }) => {
      const result = targets[index];
      return result ? [{ ...result, unattempted }] : [];
    });
    return mergeTarget(target, results, isInBooks(target.metric) ? books : null, shareOf);
  });
}

/** With what its process never attempted. */
type Counted = TargetResult & { unattempted: number };

type ShareOf = (metric: string) => [part: number, whole: number] | null;

function mergeTarget(
  target: TargetResult,
  results: readonly Counted[],
  books: Books | null,
  shareOf: ShareOf,
): TargetResult {
  switch (unitOf(target.metric)) {
    case 'share':
      return books ? mergeShare(target, books, shareOf) : mergeSamples(target, results);
    case 'count':
      return mergeCount(target, results);
    case 'number':
      return mergeNumber(target, results);
    case 'ms':
    case 'bytes':
      return mergeWorst(target, results, Math.max);
  }
}

function mergeShare(
  target: TargetResult,
  { connections, messages, deliveries }: Books,
  shareOf: ShareOf,
): TargetResult {
  const [part, whole] = shareOf(target.metric) ?? partsOf(target.metric);
  if (whole === 0) return { ...target, actual: null, pass: false };
  return { ...target, actual: part / whole, pass: meets(part / whole, target.target) };

  function partsOf(metric: string): [part: number, whole: number] {
    if (metric.startsWith('ws_message_success')) return [messages.answered, messages.sent - messages.sentOnly];
    if (metric.startsWith('ws_ready_success')) return [connections.ready, connections.established];
    if (metric.startsWith('ws_connections_held')) return [connections.closed, connections.ready];
    if (metric.startsWith('ws_delivery_success')) return [deliveries?.delivered ?? 0, deliveries?.expected ?? 0];
    return [connections.established, connections.attempted];
  }
}

/** On the sums, where each process tells its samples; else the worst process's share stands for all. */
function mergeSamples(target: TargetResult, results: readonly TargetResult[]): TargetResult {
  const judged = results.filter(({ pass }) => pass !== null);
  const known = judged.flatMap(({ samples }) => samples ?? []);
  if (known.length < judged.length || known.length === 0) return mergeWorst(target, results, Math.min);
  const samples = {
    passes: known.reduce((sum, { passes }) => sum + passes, 0),
    total: known.reduce((sum, { total }) => sum + total, 0),
  };
  if (samples.total === 0) return { ...target, actual: null, pass: false, samples };
  const actual = Math.min(1, samples.passes / samples.total);
  const slack = target.metric.startsWith('ws_delivery_success') ? DELIVERY_TOLERANCE : 0;
  if (!meets(actual + slack, target.target)) return { ...target, actual, pass: false, samples };
  return { ...target, actual, pass: judged.length < results.length ? null : true, samples };
}

/**
 * Up/down counters: they add up, and each process's has to be right by itself. One that attempted nothing has no samples,
 * which does not spoil what others have samples for: what counts of it is how many it never attempted.
 */
function mergeCount(target: TargetResult, results: readonly Counted[]): TargetResult {
  const measured = results.filter(({ actual }) => actual !== null);
  const isOfAttempts = target.metric.startsWith('ws_connects_unattempted');
  const values = results.map(({ actual, unattempted }) => actual ?? (isOfAttempts ? unattempted : 0));
  const sum = values.reduce((total, value) => total + value, 0);
  const actual = measured.length === 0 ? null : sum;
  const decisive = measured.length === 0 ? results : measured;
  if (decisive.some(({ pass }) => pass === false)) return { ...target, actual, pass: false };
  // One that was not judged is as the end of a capacity test leaves it.
  if (actual === null || results.some(({ pass }) => pass === null)) return { ...target, actual, pass: null };
  // Each k6 may pass over one turn at its very end (thresholds/for-churn.ts), and the limit has room for one.
  const rest = isOfAttempts && target.target.startsWith('< ') ? results.length - 1 : 0;
  return { ...target, actual, pass: isWithin(actual - rest, target.target) };
}

/** Something that the whole has to have, wherever it was. */
function mergeNumber(target: TargetResult, results: readonly TargetResult[]): TargetResult {
  if (results.length > 0 && results.every(({ pass }) => pass === null)) return { ...target, actual: null, pass: null };
  const actual = results.reduce((sum, result) => sum + (result.actual ?? 0), 0);
  return { ...target, actual, pass: actual > 0 };
}

/**
 * The worst of the processes that measured something. One that measured nothing does not spoil a target that others
 * have samples for (none of its connections opened, which the success rate says); when nobody measured, it is as it
 * was: failed for want of samples, or not judged.
 */
function mergeWorst(
  target: TargetResult,
  results: readonly TargetResult[],
  worst: (...values: number[]) => number,
): TargetResult {
  const measured = results.filter((result) => result.actual !== null);
  if (measured.length === 0) return { ...target, actual: null, pass: target.pass };
  const actual = worst(...measured.map((result) => result.actual as number));
  if (measured.some(({ pass }) => pass === false)) return { ...target, actual, pass: false };
  return { ...target, actual, pass: results.some(({ pass }) => pass === null) ? null : true };
}

/** Whether a count is within what the report writes, `0` or `< 21`. */
function isWithin(count: number, target: string): boolean {
  return target.startsWith('< ') ? count < Number(target.slice(2)) : count === Number(target);
}
