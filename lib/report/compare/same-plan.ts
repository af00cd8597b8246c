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
 * Why runs cannot be compared, a sentence each; empty when they can: whole tests of one plan, each once.
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
  const differences = others.flatMap(({ source, summary }) => {
    const given = planOf(summary);
    return [...new Set([...Object.keys(wanted), ...Object.keys(given)])]
      .filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(given[key]))
      .map((key) => `${key} is ${show(wanted[key])} in ${first.source}, but ${show(given[key])} in ${source}`);
  });
  return [...doubles([first, ...others]), ...differences];
}

/** Runs that are there twice: beside itself a run has no difference, and no spread. */
function doubles(runs: readonly Run[]): string[] {
  const bySameRun = new Map<string, string[]>();
  for (const { source, summary } of runs) {
    const { endedAt, durationMs, connections, messages, latencyMs } = summary;
    // Two that do not tell when they ended can be alike by chance.
    if (endedAt === undefined) continue;
    const run = JSON.stringify([endedAt, durationMs, connections, messages, latencyMs]);
    bySameRun.set(run, [...(bySameRun.get(run) ?? []), source]);
  }
  return [...bySameRun.values()]
    .filter(({ length }) => length > 1)
    .map((sources) => {
      const [first, ...others] = new Set(sources);
      const what =
        others.length === 0
          ? `${first} is given ${sources.length} times`
          : `${[first, ...others].join(' and ')} are files of the same run`;
      return `${what}: expected each run once`;
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
