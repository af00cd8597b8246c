import { coverageProblems } from './coverage.ts';
import { mergeTargets } from './merge-targets.ts';
import type { Latency, Summary } from './summary.ts';

/** One process's summary.json and where it was found. */
export interface Part {
  /** File name, for messages. */
  source: string;
  summary: Summary;
}

/** What a merged summary.json holds besides: the processes that it was made of. */
export interface MergedSummary extends Summary {
  processes: {
    source: string;
    segment: string | null;
    verdict: Summary['verdict'];
    planned: number;
    established: number;
    /** Peak resident memory in bytes; the target holds for each process. */
    memoryBytes: number | null;
  }[];
}

/** The parts do not make up one test; `problems` says each reason in a sentence. */
export class NotOneTest extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'NotOneTest';
    this.problems = problems;
  }
}

/**
 * One report and verdict out of the summaries of all processes of a test. Counts add up and rates are formed anew from
 * the sums. The least, greatest and mean times are exact; a percentile cannot be had from percentiles, so the worst
 * process's stands for it. Memory is each process's own: the largest is reported.
 *
 * @param expected - how many processes there were, when known.
 * @throws {NotOneTest} when parts are missing, doubled or of different tests.
 */
export function mergeSummaries(parts: readonly Part[], expected: number | null = null): MergedSummary {
  const problems = [...differentPlans(parts), ...incomplete(parts, expected)];
  if (problems.length > 0) throw new NotOneTest(problems);

  const all = parts.map((part) => part.summary);
  const first = all[0] as Summary;
  const labelled = (lines: (summary: Summary) => string[]) =>
    all.flatMap((summary) => lines(summary).map((line) => (all.length > 1 ? `${nameOf(summary)}: ${line}` : line)));
  const connections = {
    planned: total(all, (s) => s.connections.planned),
    attempted: total(all, (s) => s.connections.attempted),
    unattempted: total(all, (s) => s.connections.unattempted),
    established: total(all, (s) => s.connections.established),
    failed: addUp(all.map((s) => s.connections.failed)),
    closed: total(all, (s) => s.connections.closed),
    dropped: addUp(all.map((s) => s.connections.dropped)),
  };
  const messages = {
    sent: total(all, (s) => s.messages.sent),
    replied: total(all, (s) => s.messages.replied),
    failed: addUp(all.map((s) => s.messages.failed)),
    unexpected: total(all, (s) => s.messages.unexpected),
  };
  const targets = mergeTargets(all, { connections, messages });
  const balanced = all.every((summary) => summary.balanced);
  return {
    ...first,
    verdict: balanced && targets.every((target) => target.pass !== false) ? 'pass' : 'fail',
    plan: { ...first.plan, share: total(all, (s) => s.plan.share), segment: null },
    durationMs: Math.max(...all.map((s) => s.durationMs)),
    targets,
    connections,
    messages,
    details: addUp(all.map((s) => s.details)),
    latencyMs: {
      connect: mergeLatency(all.map((s) => s.latencyMs.connect)),
      establish: mergeLatency(all.map((s) => s.latencyMs.establish)),
      roundTrip: mergeLatency(all.map((s) => s.latencyMs.roundTrip)),
      response: mergeLatency(all.map((s) => s.latencyMs.response)),
    },
    generator: {
      memoryBytes: greatest(all.map((s) => s.generator.memoryBytes)),
      lagMs: mergeLatency(all.map((s) => s.generator.lagMs)),
      limits: labelled((s) => s.generator.limits),
    },
    balanced,
    differences: labelled((s) => s.differences),
    processes: parts.map(({ source, summary }) => ({
      source,
      segment: summary.plan.segment,
      verdict: summary.verdict,
      planned: summary.connections.planned,
      established: summary.connections.established,
      memoryBytes: summary.generator.memoryBytes,
    })),
  };
}

/** What has to be the same in all processes of one test, by the name that a message gives it. */
function planOf({ schemaVersion, scenario, plan, targets }: Summary): Record<string, unknown> {
  const { share: _share, segment: _segment, ...common } = plan;
  const asked = Object.fromEntries(
    targets.map(({ name, metric, target }) => [`target "${name}" on ${metric}`, target]),
  );
  return { schemaVersion, scenario, ...common, ...asked };
}

function differentPlans([first, ...others]: readonly Part[]): string[] {
  if (!first) return [];
  const wanted = planOf(first.summary);
  return others.flatMap(({ source, summary }) => {
    const given = planOf(summary);
    return [...new Set([...Object.keys(wanted), ...Object.keys(given)])]
      .filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(given[key]))
      .map((key) => `${key} is ${show(wanted[key])} in ${first.source}, but ${show(given[key])} in ${source}`);
  });
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

function incomplete(parts: readonly Part[], expected: number | null): string[] {
  const problems: string[] = [];
  if (parts.length === 0) return ['there is no summary.json of a single process'];
  if (expected !== null && parts.length !== expected) {
    problems.push(`${expected} files are expected, there are ${parts.length}`);
  }
  const whole = parts.filter(({ summary }) => summary.plan.segment === null);
  if (whole.length > 0 && parts.length > 1) {
    problems.push(`${whole.map((part) => part.source).join(', ')}: no execution segment, a whole test by itself`);
    return problems;
  }
  const segments = parts.flatMap(({ summary }) => summary.plan.segment ?? []);
  const gaps = whole.length > 0 ? [] : coverageProblems(segments);
  problems.push(...gaps);
  const planned = parts[0]?.summary.plan.connections ?? 0;
  const shares = total(parts, (part) => part.summary.plan.share);
  if (shares !== planned) {
    problems.push(`the shares of these files add up to ${shares} connections, the test plans ${planned}`);
  }
  return problems;
}

function nameOf({ plan }: Summary): string {
  return `segment ${plan.segment}`;
}

function total<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function addUp(records: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const record of records) {
    for (const [key, count] of Object.entries(record)) sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}

function greatest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function mergeLatency(parts: readonly (Latency | null)[]): Latency | null {
  const known = parts.filter((part) => part !== null);
  if (known.length === 0) return null;
  const count = total(known, (part) => part.count);
  const worst = (of: (part: Latency) => number) => Math.max(...known.map(of));
  return {
    count,
    avg: Number((total(known, (part) => part.avg * part.count) / count).toFixed(3)),
    min: Math.min(...known.map((part) => part.min)),
    med: worst((part) => part.med),
    p90: worst((part) => part.p90),
    p95: worst((part) => part.p95),
    p99: worst((part) => part.p99),
    max: worst((part) => part.max),
  };
}
