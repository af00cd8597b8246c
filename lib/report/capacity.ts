import { groupDigits } from '../plan/format.ts';
import { capacityCauses, isOfGenerator } from './capacity-causes.ts';
import { valueText } from './judge.ts';
import type { Books, Capacity, CapacityStep, Summary, TargetResult } from './summary.ts';
import { unitOf } from './unit.ts';

/**
 * The answer out of the steps: the first one that missed a target decides.
 *
 * @param books - of the whole run, for the reasons behind what was missed.
 */
export function capacityOf(steps: CapacityStep[], books: Books): Capacity {
  const at = steps.findIndex(({ pass }) => pass === false);
  const failed = steps[at];
  const held = steps.slice(0, at < 0 ? steps.length : at).findIndex(({ pass }) => pass !== true);
  const count = held >= 0 ? held : at >= 0 ? at : steps.length;
  const missed = failed === undefined ? [] : missedOf(failed);
  const isExcused = failed !== undefined && isOfGenerator(failed, missed, books);
  return {
    holds: steps[count - 1]?.connections ?? 0,
    failedAt: failed?.connections ?? null,
    isAtLeast: failed === undefined || isExcused,
    reasons: missed.map(reasonText),
    causes: failed === undefined ? [] : capacityCauses(isExcused ? failed.limits : [], missed, books),
    steps,
  };
}

/** The targets that a step missed; one without samples only where there is no other. */
function missedOf({ targets }: CapacityStep): TargetResult[] {
  const missed = targets.filter(({ pass }) => pass === false);
  const measured = missed.filter(({ actual }) => actual !== null);
  return measured.length > 0 ? measured : missed;
}

/** How a sentence on a target begins, by its name, where that is no sentence of its own. */
const SUBJECTS: Record<string, string> = {
  logins: 'logins were',
  'connections held': 'connections held were',
  'messages sent': 'messages sent were',
  'round trip p95': "the round trip's p95 was",
  deliveries: 'deliveries were',
  'delivery p95': "the delivery's p95 was",
  'connect time': 'the connect time was',
};

/** `the round trip's p95 was 2.3s, limit 500ms` */
function reasonText({ name, metric, target, actual }: TargetResult): string {
  const what = name.replace(/ at [\d,]+$/, '');
  const limit = target.replace(/^[<>=]+ /, '');
  if (actual === null) return `${what}: nothing was measured, limit ${limit}`;
  return `${SUBJECTS[what] ?? `${what} was`} ${valueText(actual, unitOf(metric))}, limit ${limit}`;
}

/** The answer in one line. */
export function capacityAnswer({ holds, failedAt, isAtLeast, reasons, steps }: Capacity): string {
  const n = groupDigits;
  const atLeast = isAtLeast ? 'at least ' : '';
  if (failedAt !== null) {
    const held = holds > 0 ? `holds ${atLeast}${n(holds)}` : `holds fewer than ${n(failedAt)}`;
    const others = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
    const but = isAtLeast ? '; but the generator was at its limit there' : '';
    const start = holds === 0 && isAtLeast ? `how many it holds is not known` : held;
    return `${start}; at ${n(failedAt)} ${reasons[0] ?? ''}${others}${but}`;
  }
  const open = steps.find(({ pass }) => pass !== true);
  if (open === undefined) return `holds at least ${n(holds)}, the most that was tried`;
  const known = holds > 0 ? `holds at least ${n(holds)}` : 'how many it holds is not known';
  return `${known}; the run ended before ${n(open.connections)} was judged`;
}

/** The summary with the answer, and the verdict that follows from it. */
export function withCapacity<S extends Summary>(summary: S, capacity: Capacity): S & { capacity: Capacity } {
  const targets = capacity.failedAt === null ? summary.targets : summary.targets.map((target) => excused(target));
  const isHeld = capacity.steps.every(({ pass }) => pass === true);
  const isMet = targets.every(({ pass }) => pass !== false);
  return { ...summary, targets, verdict: isHeld && isMet && summary.balanced ? 'pass' : 'fail', capacity };
}

/** What the end of the test at its limit cut off is nobody's fault. */
function excused(target: TargetResult): TargetResult {
  const isOfTheEnd = /^ws_(connects_unattempted|connects_pending|connections_open|ready_pending|messages_pending)$/;
  return isOfTheEnd.test(target.metric) ? { ...target, pass: null } : target;
}
