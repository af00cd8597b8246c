import { groupDigits } from '../plan/format.ts';
import { formatDuration, formatSize } from '../settings/parsers.ts';
import { sum } from './account.ts';
import { adviceFor } from './advice.ts';
import { valueText } from './judge.ts';
import { platformOf } from './platform.ts';
import type { Books, Latency, Summary, TargetResult } from './summary.ts';
import { columns, paint, wrap } from './terminal.ts';
import { unitOf } from './unit.ts';

/** A titled part of the report. */
export interface Section {
  title: string;
  lines: readonly string[];
}

/** What a scenario's report has of its own. */
export interface OwnParts {
  /** Between the headline and the failures; by default the targets and the balance. */
  sections?: readonly Section[];
  /** Advice on a reason, instead of that for every scenario. */
  advise?: typeof adviceFor;
}

/**
 * The report for people: verdict, targets, balance, failures with advice, latency, generator. Fits 80 columns.
 *
 * @param plan - the plan in one sentence.
 * @param color - whether the terminal understands ANSI colours.
 */
export function reportText(summary: Summary, plan: string, color: boolean, own: OwnParts = {}): string {
  const passed = summary.verdict === 'pass';
  const verdict = paint(passed ? ' PASS ' : ' FAIL ', passed ? 'good' : 'bad', color);
  const sections: readonly Section[] = [
    ...(own.sections ?? [targetsSection(summary, color), balanceSection(summary, color)]),
    { title: 'Failures', lines: failureLines(summary, own.advise ?? adviceFor) },
    { title: 'Latency in ms', lines: latencyLines(summary) },
    { title: 'Generator', lines: generatorLines(summary) },
  ];
  const lines = [
    ...wrap(`${summary.scenario}: ${verdictSentence(summary)}`, 73).map(
      (line, i) => `${i === 0 ? verdict : ' '.repeat(6)} ${line}`,
    ),
    ...wrap(plan, 78).map((line) => `  ${line}`),
    ...overtime(summary),
    ...unusedSettings(summary),
    '',
    ...sections.flatMap(sectionLines),
  ];
  return `${lines.join('\n')}\n`;
}

function sectionLines({ title, lines }: Section): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`.trimEnd()), ''];
}

/** Each target with what was measured; of the balance only what is missed. */
export function targetsSection(summary: Summary, color: boolean): Section {
  return { title: 'Targets', lines: targetLines(summary, color) };
}

/**
 * The books, and what does not add up in them.
 *
 * @param planned - where the planned connections went, when that is more than attempted or not.
 */
export function balanceSection(books: Books, color: boolean, planned = plannedLine(books)): Section {
  return {
    title: `Balance: ${books.balanced ? 'the books balance' : paint('THE BOOKS DO NOT BALANCE', 'bad', color)}`,
    lines: [planned, ...balanceLines(books), ...books.differences.flatMap((difference) => wrap(`! ${difference}`, 76))],
  };
}

function verdictSentence({ verdict, targets, balanced, generator }: Summary): string {
  const missed = targets.filter((target) => target.pass === false).map((target) => target.name);
  const unjudged = targets.filter((target) => target.pass === null).map((target) => target.name);
  const parts: string[] = [];
  if (missed.length > 0) parts.push(`missed ${missed.join(', ')}`);
  if (!balanced) parts.push('the books do not balance');
  if (verdict === 'pass') parts.push(unjudged.length === 0 ? 'all targets met' : 'all judged targets met');
  if (unjudged.length > 0) parts.push(`${unjudged.join(', ')} not judged`);
  if (generator.limits.length > 0) parts.push('the generator was a limit');
  return parts.join('; ');
}

/** k6 cannot give up a handshake early, so a dead server makes the run longer; the report says so. */
function overtime({ durationMs, plan }: Summary): string[] {
  const over = durationMs - plan.totalMs;
  if (over < 5_000) return [];
  return [
    `  It took ${formatDuration(Math.round(over / 1000) * 1000)} longer: k6 waited for unfinished handshakes or replies.`,
  ];
}

/** A target that was asked for and is not judged must not go unnoticed. */
function unusedSettings({ plan }: Summary): string[] {
  if (!plan.unusedSettings) return [];
  return wrap(`Set, but not used in this run: ${plan.unusedSettings.join(', ')}.`, 78).map((line) => `  ${line}`);
}

function targetLines(summary: Summary, color: boolean): string[] {
  const shown = summary.targets.filter(({ metric, pass }) => unitOf(metric) !== 'count' || pass === false);
  return columns(shown.map((result) => [...targetCells(result, color), basis(result, summary)]));
}

/** A target's row: met or not, name, what was asked, what was measured. */
export function targetCells(result: TargetResult, color: boolean): string[] {
  return [mark(result.pass, color), result.name, result.target, measuredText(result)];
}

/** What was measured, in the unit of the metric. */
export function measuredText({ metric, actual }: TargetResult): string {
  return actual === null ? 'nothing measured' : valueText(actual, unitOf(metric));
}

/** A tick, a cross, or a dash for what is not judged. */
export function mark(pass: boolean | null, color: boolean): string {
  if (pass === null) return '-';
  return pass ? paint('✓', 'good', color) : paint('✗', 'bad', color);
}

/** The counts behind a rate, of which what was cut off is no part; how to switch a measurement on that is missing. */
function basis({ metric, actual, pass }: TargetResult, { connections, messages }: Summary): string {
  const of = (part: number, whole: number, failures: Record<string, number>) =>
    `${groupDigits(part)} of ${groupDigits(whole - (failures['interrupted'] ?? 0))}`;
  const { attempted, established, closed, failed, dropped } = connections;
  if (metric === 'ws_connect_success') return of(established, attempted, failed);
  if (metric === 'ws_connections_held') return of(closed, established, dropped);
  if (metric === 'ws_message_success') return of(messages.replied, messages.sent, messages.failed);
  if (metric === 'generator_memory' && pass === null) return 'see Generator';
  return actual === null ? 'fails without samples' : '';
}

function plannedLine({ connections: { planned, attempted, unattempted } }: Books): string {
  const n = groupDigits;
  return `planned ${n(planned)} = attempted ${n(attempted)}${unattempted > 0 ? ` + ${n(unattempted)} never attempted` : ''}`;
}

function balanceLines({ connections, messages }: Books): string[] {
  const n = groupDigits;
  const lines = [
    `attempted ${n(connections.attempted)} = established ${n(connections.established)} + failed ${n(sum(connections.failed))}`,
    `established ${n(connections.established)} = closed ${n(connections.closed)} + dropped ${n(sum(connections.dropped))}`,
  ];
  if (messages.sent > 0) {
    lines.push(`sent ${n(messages.sent)} = replied ${n(messages.replied)} + failed ${n(sum(messages.failed))}`);
  }
  if (messages.unexpected > 0)
    lines.push(`${n(messages.unexpected)} frames answered nothing: pushes, duplicates, late replies`);
  return lines;
}

function failureLines({ connections, messages, details }: Summary, advise: typeof adviceFor): string[] {
  const groups = [
    { title: 'not established', counts: connections.failed, kind: 'connect' as const },
    { title: 'dropped', counts: connections.dropped, kind: 'drop' as const },
    { title: 'messages', counts: messages.failed, kind: 'message' as const },
  ];
  const platform = platformOf(Object.keys(details));
  const lines = groups.flatMap(({ title, counts, kind }) =>
    Object.entries(counts).flatMap(([reason, count]) => [
      `${groupDigits(count)} ${title}: ${reason}`,
      ...wrap(advise(kind, reason, platform), 72).map((line) => `  ${line}`),
    ]),
  );
  const texts = Object.entries(details).sort((a, b) => b[1] - a[1]);
  const shown = texts
    .slice(0, 10)
    .flatMap(([text, count]) =>
      wrap(`${groupDigits(count)} x ${text}`, 74).map((line, i) => `  ${i === 0 ? '' : '  '}${line}`),
    );
  if (texts.length > 10) shown.push(`  and ${texts.length - 10} more texts`);
  return shown.length > 0 ? [...lines, 'As they read:', ...shown] : lines;
}

function latencyLines({ latencyMs, messages }: Summary): string[] {
  const rows: [string, Latency | null][] = [
    ['connect', latencyMs.connect],
    ['round trip', latencyMs.roundTrip],
    ['  in the hold', latencyMs.roundTripInHold ?? null],
    ['from intended send', latencyMs.response],
  ];
  const present = rows.filter((row): row is [string, Latency] => row[1] !== null);
  if (present.length === 0) return [];
  const lines = columns([
    ['', 'avg', 'min', 'med', 'p90', 'p95', 'p99', 'max'],
    ...present.map(([name, l]) => [name, ...[l.avg, l.min, l.med, l.p90, l.p95, l.p99, l.max].map(millis)]),
  ]);
  const kept = latencyMs.roundTrip?.count ?? 0;
  if (kept > 0 && kept < messages.replied) {
    lines.push(`round trips: ${((kept / messages.replied) * 100).toFixed(1)} % of the replies kept, chosen at random`);
  }
  return lines;
}

function millis(value: number): string {
  return value >= 100 ? groupDigits(value) : value.toFixed(1);
}

function generatorLines({ generator, plan }: Summary): string[] {
  const memory =
    generator.memoryBytes === null
      ? [
          'memory not measured: add --address 127.0.0.1:6565 --profiling-enabled',
          '(with another address set WS_GENERATOR_ADDRESS to it, too)',
        ]
      : [`peak memory of k6 ${formatSize(generator.memoryBytes)}`];
  const lag = generator.lagMs
    ? [`lag behind its own schedule: p95 ${millis(generator.lagMs.p95)} ms, max ${millis(generator.lagMs.max)} ms`]
    : [];
  const segment =
    plan.segment === null
      ? []
      : [
          `execution segment ${plan.segment}: ${groupDigits(plan.share)} of ${groupDigits(plan.connections)} connections`,
        ];
  const limits =
    generator.limits.length === 0 ? ['it was not the limit'] : generator.limits.flatMap((l) => wrap(`! ${l}`, 74));
  return [...memory, ...lag, ...segment, ...limits];
}
