import { capacityOf } from './capacity.ts';
import type { Judged } from './merge-targets.ts';
import { mergeTargets } from './merge-targets.ts';
import type { Books, Capacity, CapacityStep, Latency, Summary } from './summary.ts';

/**
 * What all processes held together at the same step; the first step that any of them failed decides, since it has ended the
 * test for all. A share or time of a step is that of the worst process.
 *
 * @param books - the sums over all processes.
 * @returns null where the processes did not look for a capacity.
 */
export function mergeCapacity(
  summaries: readonly Summary[],
  books: Books,
  mergeLatency: (parts: readonly (Latency | null)[]) => Latency | null,
): Capacity | null {
  const parts = summaries.filter(({ connections, capacity }) => capacity && connections.planned > 0);
  const steps = (parts[0]?.capacity?.steps ?? []).map((_, index) => {
    const own = parts.flatMap(({ plan, capacity, connections }) => {
      const step = capacity?.steps[index];
      return step ? [{ step, segment: plan.segment, connections }] : [];
    });
    return mergeStep(own, books, mergeLatency);
  });
  return steps.length === 0 ? null : capacityOf(steps, books);
}

type Own = Judged & { step: CapacityStep; segment: string | null };

function mergeStep(
  own: readonly Omit<Own, 'targets'>[],
  books: Books,
  mergeLatency: (parts: readonly (Latency | null)[]) => Latency | null,
): CapacityStep {
  const steps = own.map(({ step }) => step);
  const add = (of: (step: CapacityStep) => number) => steps.reduce((sum, step) => sum + of(step), 0);
  const connections = steps[0]?.connections ?? 0;
  const planned = add((step) => step.planned);
  const isHeld = steps.every(({ pass }) => pass === true) && planned >= connections;
  const judged = own.map(({ step, connections }) => ({ connections, targets: step.targets }));
  return {
    connections,
    // Where the report of a process is missing, so is its part of every step.
    pass: steps.some(({ pass }) => pass === false) ? false : isHeld || null,
    planned,
    established: add(({ established }) => established),
    ready: add(({ ready }) => ready),
    open: add(({ open }) => open),
    targets: mergeTargets(judged, books, () => false),
    roundTripMs: mergeLatency(steps.map(({ roundTripMs }) => roundTripMs)),
    connectMs: mergeLatency(steps.map(({ connectMs }) => connectMs)),
    lagMs: mergeLatency(steps.map(({ lagMs }) => lagMs)),
    limits: own.flatMap(({ step, segment }) =>
      step.limits.map((limit) => (own.length > 1 ? `segment ${segment}: ${limit}` : limit)),
    ),
  };
}
