import { coverageProblems } from './coverage.ts';
import type { MissingShare } from './missing.ts';
import type { Summary } from './summary.ts';

/** One process's summary.json and where it was found. */
export interface Part {
  /** File name, for messages. */
  source: string;
  summary: Summary;
}

/**
 * Why the parts do not make up one test, a sentence each; empty when they do: all of one plan and of one time, their
 * execution segments cover it once, and their shares add up to it.
 *
 * @param expected - how many parts there have to be, or null.
 * @param missing - those that are known to be missing: with them it has to be whole.
 */
export function problemsOf(
  parts: readonly Part[],
  expected: number | null,
  missing: readonly MissingShare[] = [],
): string[] {
  return [...differentPlans(parts), ...differentTimes(parts), ...incomplete(parts, expected, missing)];
}

/** What has to be the same in all processes of one test, by the name that a message gives it. */
function commonOf({ schemaVersion, scenario, plan, targets }: Summary): Record<string, unknown> {
  const { share: _share, segment: _segment, ...common } = plan;
  const asked = Object.fromEntries(
    targets.map(({ name, metric, target }) => [`target "${name}" on ${metric}`, target]),
  );
  return { schemaVersion, scenario, ...common, ...asked };
}

function differentPlans([first, ...others]: readonly Part[]): string[] {
  if (!first) return [];
  const wanted = commonOf(first.summary);
  return others.flatMap(({ source, summary }) => {
    const given = commonOf(summary);
    return [...new Set([...Object.keys(wanted), ...Object.keys(given)])]
      .filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(given[key]))
      .map((key) => `${key} is ${show(wanted[key])} in ${first.source}, but ${show(given[key])} in ${source}`);
  });
}

interface Span {
  source: string;
  fromMs: number;
  toMs: number;
}

/**
 * The parts of a test run at the same time. What an earlier run left where a process has left nothing is of another one. A part
 * without a connection of its own ends at once.
 */
function differentTimes(parts: readonly Part[]): string[] {
  const busy = parts.filter(({ summary }) => summary.connections.planned > 0);
  const [first, ...others] = busy.flatMap((part) => spanOf(part) ?? []);
  if (!first) return [];
  const early = others.reduce((a, b) => (b.toMs < a.toMs ? b : a), first);
  const late = others.reduce((a, b) => (b.fromMs > a.fromMs ? b : a), first);
  if (late.fromMs <= early.toMs) return [];
  return [
    `${early.source} ran ${spanText(early)}, but ${late.source} ${spanText(late)}: expected parts of one test, which run at the same time by clocks that agree; take the files of one run`,
  ];
}

/** When the part ran; null: it does not tell. One that was cut off would have run to its planned end. */
function spanOf({ source, summary }: Part): Span | null {
  const { endedAt, durationMs, plan } = summary;
  if (endedAt === undefined) return null;
  const endMs = Date.parse(endedAt);
  const fromMs = endMs - durationMs;
  return { source, fromMs, toMs: wasCutOff(summary) ? Math.max(endMs, fromMs + plan.totalMs) : endMs };
}

/** Whether the run ended before all that it had begun, or was to begin; of `capacity` that can be its own doing. */
export function wasCutOff({ connections, messages }: Summary): boolean {
  const { unattempted, failed, notReady, dropped } = connections;
  return unattempted > 0 || [failed, notReady, dropped, messages.failed].some((reasons) => reasons['interrupted']);
}

/** In UTC: `from 2026-11-26T12:00:00.000Z to 2026-11-26T12:00:13.250Z`. */
function spanText({ fromMs, toMs }: Span): string {
  return `from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

function incomplete(parts: readonly Part[], expected: number | null, missing: readonly MissingShare[]): string[] {
  const problems: string[] = [];
  if (parts.length === 0) return ['there is no summary.json of a single process'];
  if (expected !== null && parts.length + missing.length !== expected) {
    problems.push(`${expected} files are expected, there are ${parts.length}`);
  }
  const whole = parts.filter(({ summary }) => summary.plan.segment === null);
  if (whole.length > 0 && parts.length > 1) {
    problems.push(`${whole.map((part) => part.source).join(', ')}: no execution segment, a whole test by itself`);
    return problems;
  }
  const segments = [
    ...parts.flatMap(({ summary }) => summary.plan.segment ?? []),
    ...missing.map(({ segment }) => segment),
  ];
  const gaps = whole.length > 0 ? [] : coverageProblems(segments);
  problems.push(...gaps);
  const planned = parts[0]?.summary.plan.connections ?? 0;
  const shares =
    parts.reduce((sum, part) => sum + part.summary.plan.share, 0) +
    missing.reduce((sum, { planned }) => sum + planned, 0);
  if (shares !== planned) {
    problems.push(`the shares of these files add up to ${shares} connections, the test plans ${planned}`);
  }
  return problems;
}
