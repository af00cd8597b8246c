import { addUp } from './add-up.ts';
import { withCapacity } from './capacity.ts';
import { unequalBooks, unequalClients } from './equations.ts';
import { mergeBeside } from './merge-beside.ts';
import { mergeCapacity } from './merge-capacity.ts';
import { clientShare, mergedRecovery, mergeReconnect } from './merge-reconnect.ts';
import { mergeTargets } from './merge-targets.ts';
import { type MissingShare, missingTarget } from './missing.ts';
import { type Part, problemsOf } from './one-test.ts';
import { withCut } from './reconnect.ts';
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
  /** Processes that left no summary: they are in no count. Only if there are some. */
  missing?: MissingShare[];
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
 * @param missing - those of them that are known to have left no summary; the verdict is then `fail`.
 * @throws {NotOneTest} when parts are missing, doubled or of different tests.
 */
export function mergeSummaries(
  parts: readonly Part[],
  expected: number | null = null,
  missing: readonly MissingShare[] = [],
): MergedSummary {
  const problems = problemsOf(parts, expected, missing);
  if (problems.length > 0) throw new NotOneTest(problems);

  const all = parts.map((part) => part.summary);
  const first = all[0] as Summary;
  const arrivals = all.flatMap((summary) => summary.arrivals ?? []);
  const whole = mergeBooks(all, all, arrivals);
  const tiers = first.tiers?.map((_, index) => mergeTier(all, index));
  const comingBack = all.flatMap((summary) => summary.reconnect ?? []);
  const reconnect = comingBack.length > 0 ? mergeReconnect(comingBack, mergeLatency) : null;
  const ofClients = reconnect ? unequalClients(reconnect, whole.connections) : [];
  const books = {
    ...whole,
    balanced: whole.balanced && ofClients.length === 0 && (tiers ?? []).every(({ balanced }) => balanced),
    differences: [...whole.differences, ...ofClients],
  };
  const judged =
    tiers?.flatMap((tier) => tier.targets) ??
    mergeTargets(
      all,
      books,
      (metric) => !metric.includes('{'),
      (metric) => reconnect && clientShare(metric, reconnect),
    );
  const targets = [
    ...(reconnect ? judged.map((target) => withCut(mergedRecovery(target, reconnect), reconnect)) : judged),
    ...missingTarget(parts.length, missing),
  ];
  const capacity = mergeCapacity(all, books, mergeLatency);
  const merged: MergedSummary = {
    schemaVersion: first.schemaVersion,
    verdict: books.balanced && targets.every((target) => target.pass !== false) ? 'pass' : 'fail',
    scenario: first.scenario,
    plan: { ...first.plan, share: total(all, (s) => s.plan.share), segment: null },
    ...runFacts(all),
    durationMs: Math.max(...all.map((s) => s.durationMs)),
    targets,
    ...books,
    details: addUp(all.map((s) => s.details)),
    scriptErrors: addUp(all.map((s) => s.scriptErrors)),
    unexpectedFrames: addUp(all.map((s) => s.unexpectedFrames)),
    ...(all.some((s) => s.byTarget) && { byTarget: addUp(all.map((s) => s.byTarget ?? {})) }),
    ...(all.some((s) => s.byAddress) && { byAddress: addUp(all.map((s) => s.byAddress ?? {})) }),
    hints: labelled(all, (i) => all[i]?.hints ?? []),
    ...(all.some((s) => s.unproved) && { unproved: labelled(all, (i) => all[i]?.unproved ?? []) }),
    checks: mergeChecks(all.map((s) => s.checks)),
    latencyMs: {
      connect: mergeLatency(all.map((s) => s.latencyMs.connect)),
      establish: mergeLatency(all.map((s) => s.latencyMs.establish)),
      ready: mergeLatency(all.map((s) => s.latencyMs.ready)),
      roundTrip: mergeLatency(all.map((s) => s.latencyMs.roundTrip)),
      response: mergeLatency(all.map((s) => s.latencyMs.response)),
      firstReply: mergeLatency(all.map((s) => s.latencyMs.firstReply)),
      delivery: mergeLatency(all.map((s) => s.latencyMs.delivery)),
      ...(all.some((s) => s.latencyMs.roundTripInHold !== undefined) && {
        roundTripInHold: mergeLatency(all.map((s) => s.latencyMs.roundTripInHold ?? null)),
      }),
    },
    generator: {
      memoryBytes: greatest(all.map((s) => s.generator.memoryBytes)),
      lagMs: mergeLatency(all.map((s) => s.generator.lagMs)),
      busy: mergeLatency(all.map((s) => s.generator.busy)),
      limits: labelled(all, (i) => all[i]?.generator.limits ?? []),
    },
    ...mergeBeside(all),
    ...(tiers && { tiers }),
    ...(reconnect && { reconnect }),
    ...(arrivals.length > 0 && { arrivals: mergeArrivals(arrivals) }),
    processes: parts.map(({ source, summary }) => ({
      source,
      segment: summary.plan.segment,
      verdict: summary.verdict,
      planned: summary.connections.planned,
      established: summary.connections.established,
      memoryBytes: summary.generator.memoryBytes,
    })),
    ...(missing.length > 0 && { missing: [...missing] }),
  };
  return capacity === null ? merged : withCapacity(merged, capacity);
}

/** The plan in words, when the last process ended, and what ran; where they differ, all of it. */
function runFacts(summaries: readonly Summary[]): Pick<Summary, 'description' | 'endedAt' | 'versions'> {
  const ends = summaries.flatMap(({ endedAt }) => endedAt ?? []).sort();
  const versions: Summary['versions'] = {};
  for (const part of ['scripts', 'k6', 'system'] as const) {
    const all = [...new Set(summaries.flatMap((summary) => summary.versions?.[part] ?? []))];
    if (all.length > 0) versions[part] = all.join(' and ');
  }
  const [endedAt, description] = [ends.at(-1), summaries[0]?.description];
  return {
    ...(description && { description }),
    ...(endedAt && { endedAt }),
    ...(Object.keys(versions).length > 0 && { versions }),
  };
}

/**
 * Adds up books, each of another process: those of `summaries`, or of a part of them in the same order. What the processes
 * say of their own balance is not trusted: the sums have to balance, too.
 */
function mergeBooks(books: readonly Books[], summaries: readonly Summary[], arrivals: readonly Arrivals[] = []): Books {
  const connections = {
    planned: total(books, (b) => b.connections.planned),
    attempted: total(books, (b) => b.connections.attempted),
    unattempted: total(books, (b) => b.connections.unattempted),
    established: total(books, (b) => b.connections.established),
    failed: addUp(books.map((b) => b.connections.failed)),
    ready: total(books, (b) => b.connections.ready),
    notReady: addUp(books.map((b) => b.connections.notReady)),
    closed: total(books, (b) => b.connections.closed),
    dropped: addUp(books.map((b) => b.connections.dropped)),
  };
  const messages = mergeMessages(books.map((b) => b.messages));
  const deliveries = mergeDeliveries(books);
  const tooMany = deliveries && deliveries.delivered > deliveries.expected;
  const ofSums = [
    ...unequalBooks(
      { connections, messages },
      total(arrivals, ({ dropped }) => dropped),
    ),
    ...(tooMany ? [`${deliveries.delivered - deliveries.expected} more deliveries than expected`] : []),
  ];
  return {
    connections,
    messages,
    pushes: addUp(books.map((b) => b.pushes)),
    deliveries,
    balanced: books.every((b) => b.balanced) && ofSums.length === 0,
    differences: [...labelled(summaries, (i) => books[i]?.differences ?? []), ...ofSums],
  };
}

function mergeMessages(parts: readonly Books['messages'][]): Books['messages'] {
  const kinds = Object.keys(parts[0]?.byRequest ?? {});
  return {
    sent: total(parts, (part) => part.sent),
    answered: total(parts, (part) => part.answered),
    sentOnly: total(parts, (part) => part.sentOnly),
    failed: addUp(parts.map((part) => part.failed)),
    refused: addUp(parts.map((part) => part.refused)),
    unexpected: total(parts, (part) => part.unexpected),
    ...(kinds.length > 0 && {
      byRequest: Object.fromEntries(
        kinds.map((kind) => {
          const own = parts.flatMap((part) => part.byRequest?.[kind] ?? []);
          const latencyMs = mergeLatency(own.map((part) => part.latencyMs));
          return [
            kind,
            {
              sent: total(own, (part) => part.sent),
              answered: total(own, (part) => part.answered),
              failed: total(own, (part) => part.failed),
              latencyMs,
            },
          ];
        }),
      ),
    }),
  };
}

/** Sender and receiver can be in different processes: what is missing shows in the sums only. */
function mergeDeliveries(books: readonly Books[]): Books['deliveries'] {
  const parts = books.flatMap((b) => b.deliveries ?? []);
  if (parts.length === 0) return null;
  const expected = total(parts, (part) => part.expected);
  const delivered = total(parts, (part) => part.delivered);
  const duplicate = total(parts, (part) => part.duplicate);
  return { expected, delivered, missing: Math.max(0, expected - delivered), duplicate };
}

function mergeTier(summaries: readonly Summary[], index: number): TierResult {
  const tiers = summaries.flatMap((summary) => summary.tiers?.[index] ?? []);
  const books = mergeBooks(tiers, summaries);
  return {
    tier: tiers[0]?.tier ?? 0,
    ...books,
    memoryBytes: greatest(tiers.map((tier) => tier.memoryBytes)),
    // The books of a tier are not those of its hold.
    targets: mergeTargets(tiers, books, (metric) => !metric.includes('phase:')),
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

function mergeChecks(parts: readonly Summary['checks'][]): Summary['checks'] {
  const names = new Set(parts.flatMap((part) => Object.keys(part)));
  return Object.fromEntries(
    [...names].map((name) => {
      const own = parts.flatMap((part) => part[name] ?? []);
      return [name, { passes: total(own, (check) => check.passes), fails: total(own, (check) => check.fails) }];
    }),
  );
}

function greatest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function mergeLatency(parts: readonly (Latency | null)[]): Latency | null {
  const known = parts.filter((part) => part !== null);
  if (known.length === 0) return null;
  const isCounted = known.every((part) => part.count !== null);
  const count = total(known, (part) => part.count ?? 0);
  const worst = (of: (part: Latency) => number) => Math.max(...known.map(of));
  return {
    count: isCounted ? count : null,
    // Without the counts the means have no weights.
    avg: isCounted
      ? Number((total(known, (part) => part.avg * (part.count ?? 0)) / count).toFixed(3))
      : worst((part) => part.avg),
    min: Math.min(...known.map((part) => part.min)),
    med: worst((part) => part.med),
    p90: worst((part) => part.p90),
    p95: worst((part) => part.p95),
    p99: greatest(known.map((part) => part.p99)),
    max: worst((part) => part.max),
  };
}
