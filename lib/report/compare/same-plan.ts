import type { Summary } from '../summary.ts';
import { capacityOf } from './capacity-figures.ts';

/** One run of either side and where it was found. */
export interface Run {
  /** File name, for messages. */
  source: string;
  summary: Summary;
}

/** What may differ between runs that are compared: names alone, where the target stands, and what follows from the rest. */
const FREE = [
  'profile',
  'urls',
  'proxies',
  'unusedSettings',
  'ignoredNames',
  'share',
  'segment',
  'totalMs',
  'insteadOf',
];

/**
 * Why runs cannot be compared, a sentence each; empty when they can: whole tests of one plan.
 */
export function planProblems([first, ...others]: readonly Run[]): string[] {
  if (!first) return [];
  const parts = [first, ...others].filter(({ summary }) => summary.plan.segment !== null);
  if (parts.length > 0) {
    return parts.map(
      ({ source, summary }) =>
        `${source} is one process of a test (segment ${summary.plan.segment}): merge its processes first, then compare`,
    );
  }
  const wanted = planOf(first.summary);
  return others.flatMap(({ source, summary }) => {
    const given = planOf(summary);
    return [...new Set([...Object.keys(wanted), ...Object.keys(given)])]
      .filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(given[key]))
      .map((key) => `${key} is ${show(wanted[key])} in ${first.source}, but ${show(given[key])} in ${source}`);
  });
}

function planOf(summary: Summary): Record<string, unknown> {
  const { scenario, plan, ...rest } = summary;
  const steps = capacityOf(summary)?.steps.map(({ connections }) => connections);
  const planned = Object.entries(plan).filter(([key]) => !FREE.includes(key));
  const processes = (rest as { processes?: unknown[] }).processes?.length ?? 1;
  return {
    scenario,
    ...Object.fromEntries(planned),
    // A module's path is another one in each checkout.
    conversation: plan.conversation.split(/[/\\]/).at(-1),
    targets: plan.urls.length,
    processes,
    ...(steps && { steps }),
    ...(rest.tiers && { tiers: rest.tiers.map(({ tier }) => tier) }),
  };
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
