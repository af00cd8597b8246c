import type { Summary, TargetResult } from './summary.ts';
import { unitOf } from './unit.ts';

type Totals = Pick<Summary, 'connections' | 'messages'>;

/** Judges the targets anew on the values of all processes together; `summaries` are of one plan. */
export function mergeTargets(summaries: readonly Summary[], totals: Totals): TargetResult[] {
  const targets = summaries[0]?.targets ?? [];
  return targets.map((target, index) => {
    const results = summaries.flatMap((summary) => summary.targets[index] ?? []);
    return mergeTarget(target, results, totals);
  });
}

function mergeTarget(target: TargetResult, results: readonly TargetResult[], totals: Totals): TargetResult {
  switch (unitOf(target.metric)) {
    case 'share':
      return mergeShare(target, results, totals);
    case 'count':
      return mergeCount(target, results);
    case 'ms':
    case 'bytes':
      return mergeWorst(target, results, Math.max);
  }
}

/** A rate of the whole run, formed anew from the sums; of a part of the run (by tag) only the worst process's is known. */
function mergeShare(target: TargetResult, results: readonly TargetResult[], totals: Totals): TargetResult {
  const [part, whole] =
    target.metric === 'ws_connect_success'
      ? [totals.connections.established, totals.connections.attempted]
      : target.metric === 'ws_message_success'
        ? [totals.messages.replied, totals.messages.sent]
        : [0, null];
  if (whole === null) return mergeWorst(target, results, Math.min);
  if (whole === 0) return { ...target, actual: null, pass: false };
  return { ...target, actual: part / whole, pass: meets(part / whole, target.target) };
}

/** Up/down counters: they add up, and each process's has to be right by itself. */
function mergeCount(target: TargetResult, results: readonly TargetResult[]): TargetResult {
  const known = results.flatMap(({ actual }) => actual ?? []);
  const actual = known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  return { ...target, actual, pass: results.every(({ pass }) => pass === true) };
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

/** Whether a share meets a target as the report writes it, `> 80 %` or `>= 100 %`. */
function meets(share: number, target: string): boolean {
  const match = /^(>=?) (\d+(?:\.\d+)?) %$/.exec(target);
  if (!match) throw new RangeError(`"${target}" is not the target of a share`);
  const limit = Number(match[2]) / 100;
  return match[1] === '>' ? share > limit : share >= limit;
}
