import { mergeTargets } from './merge-targets.ts';
import { type Part, problemsOf } from './one-test.ts';
import type { Arrivals, Books, Latency, Summary, TierResult } from './summary.ts';

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
 * process's stands for it. Memory is each process's own: the largest is reported. A storm's comparison with another run
 * is of its own process, and left out.
 *
 * @param expected - how many processes there were, when known.
 * @throws {NotOneTest} when parts are missing, doubled or of different tests.
 */
export function mergeSummaries(parts: readonly Part[], expected: number | null = null): MergedSummary {
  const problems = problemsOf(parts, expected);
  if (problems.length > 0) throw new NotOneTest(problems);

  const all = parts.map((part) => part.summary);
  const first = all[0] as Summary;
  const books = mergeBooks(all, all);
  const tiers = first.tiers?.map((_, index) => mergeTier(all, index));
  const targets = tiers?.flatMap((tier) => tier.targets) ?? mergeTargets(all, books, (metric) => !metric.includes('{'));
  const arrivals = all.flatMap((summary) => summary.arrivals ?? []);
  return {
    schemaVersion: first.schemaVersion,
    verdict: books.balanced && targets.every((target) => target.pass !== false) ? 'pass' : 'fail',
    scenario: first.scenario,
    plan: { ...first.plan, share: total(all, (s) => s.plan.share), segment: null },
    durationMs: Math.max(...all.map((s) => s.durationMs)),
    targets,
    ...books,
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
      limits: labelled(all, (i) => all[i]?.generator.limits ?? []),
    },
    ...(tiers && { tiers }),
    ...(arrivals.length > 0 && { arrivals: mergeArrivals(arrivals) }),
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

/** Adds up books, each of another process: those of `summaries`, or of a part of them in the same order. */
function mergeBooks(books: readonly Books[], summaries: readonly Summary[]): Books {
  return {
    connections: {
      planned: total(books, (b) => b.connections.planned),
      attempted: total(books, (b) => b.connections.attempted),
      unattempted: total(books, (b) => b.connections.unattempted),
      established: total(books, (b) => b.connections.established),
      failed: addUp(books.map((b) => b.connections.failed)),
      closed: total(books, (b) => b.connections.closed),
      dropped: addUp(books.map((b) => b.connections.dropped)),
    },
    messages: {
      sent: total(books, (b) => b.messages.sent),
      replied: total(books, (b) => b.messages.replied),
      failed: addUp(books.map((b) => b.messages.failed)),
      unexpected: total(books, (b) => b.messages.unexpected),
    },
    balanced: books.every((b) => b.balanced),
    differences: labelled(summaries, (i) => books[i]?.differences ?? []),
  };
}

function mergeTier(summaries: readonly Summary[], index: number): TierResult {
  const tiers = summaries.flatMap((summary) => summary.tiers?.[index] ?? []);
  const books = mergeBooks(tiers, summaries);
  return {
    tier: tiers[0]?.tier ?? 0,
    ...books,
    memoryBytes: greatest(tiers.map((tier) => tier.memoryBytes)),
    targets: mergeTargets(tiers, books, () => true),
  };
}

function mergeArrivals(parts: readonly Arrivals[]): Arrivals {
  return {
    askedPerSecond: Number(total(parts, (part) => part.askedPerSecond).toFixed(3)),
    achievedPerSecond: Number(total(parts, (part) => part.achievedPerSecond).toFixed(3)),
    dropped: total(parts, (part) => part.dropped),
    vus: Math.max(...parts.map((part) => part.vus)),
  };
}

/** Lines of each process, with its segment before them where there is more than one. */
function labelled(summaries: readonly Summary[], linesOf: (index: number) => readonly string[]): string[] {
  return summaries.flatMap(({ plan }, i) =>
    linesOf(i).map((line) => (summaries.length > 1 ? `segment ${plan.segment}: ${line}` : line)),
  );
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
