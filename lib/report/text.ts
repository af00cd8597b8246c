import { groupDigits, legible } from '../plan/format.ts';
import { formatDuration, formatSize } from '../settings/parsers.ts';
import { sum } from './account.ts';
import { adviceFor } from './advice.ts';
import { besideMs } from './beside.ts';
import { besideSections } from './beside-text.ts';
import { capacityAnswer } from './capacity.ts';
import { adviceForDetail } from './detail-advice.ts';
import { failuresOf, framesTitle } from './failures.ts';
import { valueText } from './judge.ts';
import { hasLogin, type JudgedBooks } from './login.ts';
import type { Books, Capacity, Latency, RequestBooks, Summary, TargetResult } from './summary.ts';
import { columns, paint, wrap } from './terminal.ts';
import { unitOf } from './unit.ts';

/** A run that is longer than planned by this much says why. */
const OVERTIME_MS = 5_000;

/** Of the lines of a section, which are indented by four. */
const WIDTH = 76;

const NOTHING = 'nothing measured';

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
    { title: 'Checks of the conversation', lines: checkLines(summary) },
    { title: 'Requests, round trips in ms', lines: requestLines(summary) },
    { title: 'Latency in ms', lines: latencyLines(summary) },
    ...besideSections(summary),
    { title: 'Generator', lines: generatorLines(summary) },
  ];
  const lines = [
    ...wrap(`${summary.scenario}: ${verdictSentence(summary)}`, 73).map(
      (line, i) => `${i === 0 ? verdict : ' '.repeat(6)} ${line}`,
    ),
    ...wrap(plan, 78).map((line) => `  ${line}`),
    ...overtime(summary),
    ...unusedSettings(summary),
    ...usersLine(summary),
    ...claimLine(summary),
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
 * @param width - at which lines are wrapped.
 */
export function balanceSection(
  books: JudgedBooks,
  color: boolean,
  planned = plannedLine(books),
  width = WIDTH,
): Section {
  return {
    title: `Balance: ${books.balanced ? 'the books balance' : paint('THE BOOKS DO NOT BALANCE', 'bad', color)}`,
    lines: [
      planned,
      ...balanceLines(books, width),
      ...books.differences.flatMap((difference) => wrap(`! ${difference}`, width)),
    ],
  };
}

/**
 * Verdict and missed targets once more, as the last line of all: with `--quiet` in a CI log the end is what is read first.
 */
export function lastLine(summary: Summary): string {
  return `${summary.verdict === 'pass' ? 'PASS' : 'FAIL'} ${summary.scenario}: ${verdictSentence(summary)}`;
}

/** The verdict and what it comes from, in a sentence. */
export function verdictSentence(summary: Summary): string {
  const { verdict, targets, balanced, generator, capacity } = summary;
  if (capacity) return capacitySentence(summary, capacity);

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

/** The answer; what was missed besides the steps. */
function capacitySentence({ targets, balanced }: Summary, capacity: Capacity): string {
  const missed = targets.filter(({ metric, pass }) => pass === false && !metric.includes('{step:'));
  return [
    capacityAnswer(capacity),
    ...(missed.length > 0 ? [`missed ${missed.map(({ name }) => name).join(', ')}`] : []),
    ...(balanced ? [] : ['the books do not balance']),
  ].join('; ');
}

/** k6 cannot give up a handshake early, so a dead server makes the run longer, and so does a host that stands still. */
export function overtime({ durationMs, plan, generator, connections, ...beside }: Summary): string[] {
  const over = durationMs - plan.totalMs - besideMs(beside);
  if (over < OVERTIME_MS) return [];
  const stoodStill = (generator.lagMs?.max ?? 0) >= over / 2;
  // What was cut off is no wait of k6's, and has a sentence of its own.
  const wasCutOff = (connections.dropped['interrupted'] ?? 0) > 0;
  const cause = stoodStill ? ': the generator stood still' : ': k6 waited for unfinished handshakes or replies';
  return [`  It took ${formatDuration(Math.round(over / 1000) * 1000)} longer${wasCutOff ? '' : cause}.`];
}

/** A target that was asked for and is not judged must not go unnoticed. */
export function unusedSettings({ plan }: Summary): string[] {
  const { unusedSettings = [], ignoredNames = [], proxies = [] } = plan;
  const ways = [...new Set(proxies.filter((proxy) => proxy !== null))];
  return [
    ...(ways.length > 0 ? wrap(`Through ${ways.join(' and ')}, a proxy of the environment.`, 78) : []),
    ...(unusedSettings.length > 0 ? wrap(`Set, but not used in this run: ${unusedSettings.join(', ')}.`, 78) : []),
    ...(ignoredNames.length > 0
      ? wrap(`Ignored, as variables of other programs: ${ignoredNames.join(', ')}.`, 78)
      : []),
  ].map((line) => `  ${line}`);
}

export function usersLine({ plan: { users, connections } }: Summary): string[] {
  if (users === null) return [];
  const times = Math.ceil(connections / users);
  const each = users >= connections ? 'each connection its own' : `each for up to ${groupDigits(times)} connections`;
  return [`  ${groupDigits(users)} user${users === 1 ? '' : 's'}, ${each}.`];
}

/** What a run without replies and deliveries has not shown. */
export function claimLine({ targets, connections, deliveries }: Summary): string[] {
  const isProved =
    targets.some(({ metric }) => /^ws_(message|delivery)_success/.test(metric)) || (deliveries?.delivered ?? 0) > 0;
  if (isProved || connections.established === 0) return [];
  return wrap(
    'No request here wants a reply: only a heartbeat that the conversation misses would show a server that stands still.',
    78,
  ).map((line) => `  ${line}`);
}

function targetLines(summary: Summary, color: boolean): string[] {
  const shown = summary.targets.filter(({ metric, pass }) => unitOf(metric) !== 'count' || pass === false);
  const lines = (nothing: string, colored: boolean) =>
    columns(
      shown.map((result) => {
        const cells = targetCells(result, colored);
        if (result.actual === null) cells[cells.length - 1] = nothing;
        return [...cells, basis(result, summary)];
      }),
    );
  const fits = lines(NOTHING, false).every((line) => line.length <= WIDTH);
  return lines(fits ? NOTHING : 'none', color);
}

/** A target's row: met or not, name, what was asked, what was measured. */
export function targetCells(result: TargetResult, color: boolean): string[] {
  return [mark(result.pass, color), result.name, result.target, measuredText(result)];
}

/** What was measured, in the unit of the metric. */
export function measuredText({ metric, actual }: TargetResult): string {
  return actual === null ? NOTHING : valueText(actual, unitOf(metric));
}

/** A tick, a cross, or a dash for what is not judged. */
export function mark(pass: boolean | null, color: boolean): string {
  if (pass === null) return '-';
  return pass ? paint('✓', 'good', color) : paint('✗', 'bad', color);
}

/** The counts behind a rate, of which what was cut off is no part; how to switch a measurement on that is missing. */
export function basis(
  { metric, actual, pass, samples }: TargetResult,
  { connections, messages, deliveries, reconnect }: Summary,
): string {
  const of = (part: number, whole: number, failures: Record<string, number>) =>
    `${groupDigits(part)} of ${groupDigits(whole - (failures['interrupted'] ?? 0))}`;
  const { attempted, established, ready, closed, failed, notReady, dropped } = connections;
  if (metric === 'ws_connect_success') return of(established, attempted, failed);
  if (metric === 'ws_ready_success') return of(ready, established, notReady);
  if (metric === 'ws_connections_held') return of(closed, ready, dropped);
  if (metric === 'ws_message_success') return of(messages.answered, messages.sent - messages.sentOnly, messages.failed);
  if (metric === 'ws_delivery_success' && deliveries) return of(deliveries.delivered, deliveries.expected, {});
  if (metric === 'generator_memory' && pass === null) return 'see Generator';
  if (reconnect && pass === null)
    return reconnect.outages.drops === 0 ? 'nothing was dropped' : 'some are not back yet';
  if (reconnect && metric.startsWith('ws_clients_')) {
    const { planned, unattempted, connected, up } = reconnect.clients;
    const begun = planned - unattempted;
    return of(metric === 'ws_clients_up' ? up : connected, begun, {});
  }
  if (actual === null) return 'fails without samples';
  return samples === undefined ? '' : of(samples.passes, samples.total, {});
}

function plannedLine({ connections: { planned, attempted, unattempted } }: Books): string {
  const n = groupDigits;
  return `planned ${n(planned)} = attempted ${n(attempted)}${unattempted > 0 ? ` + ${n(unattempted)} never attempted` : ''}`;
}

function balanceLines(books: JudgedBooks, width: number): string[] {
  const { connections, messages, pushes, deliveries } = books;
  const n = groupDigits;
  const { attempted, established, failed, ready, notReady, closed, dropped } = connections;
  const withLogin = hasLogin(books);
  const lines = [
    `attempted ${n(attempted)} = established ${n(established)} + failed ${n(sum(failed))}`,
    ...(withLogin ? [`established ${n(established)} = ready ${n(ready)} + not ready ${n(sum(notReady))}`] : []),
    `${withLogin ? 'ready' : 'established'} ${n(ready)} = closed ${n(closed)} + dropped ${n(sum(dropped))}`,
  ];
  const { sent, answered, sentOnly, unexpected } = messages;
  if (sent > 0) {
    const parts = [
      ...(sent > sentOnly ? [`answered ${n(answered)}`, `failed ${n(sum(messages.failed))}`] : []),
      ...(sentOnly > 0 ? [`sent only ${n(sentOnly)}`] : []),
    ];
    lines.push(`sent ${n(sent)} = ${parts.join(' + ')}`);
  }
  if (deliveries) {
    const { expected, delivered, missing, duplicate } = deliveries;
    lines.push(
      ...wrap(`deliveries expected ${n(expected)} = delivered ${n(delivered)} + missing ${n(missing)}`, width),
      ...(duplicate > 0 ? [`${n(duplicate)} deliveries came more than once`] : []),
    );
  }
  const kinds = Object.entries(pushes).sort((a, b) => b[1] - a[1]);
  if (kinds.length > 0) {
    lines.push(...wrap(`pushes: ${kinds.map(([kind, count]) => `${n(count)} ${kind}`).join(', ')}`, width));
  }
  if (unexpected > 0) lines.push(`${n(unexpected)} frames answered nothing: pushes, duplicates, late replies`);
  return lines;
}

/** Each kind of request by itself, where there are several. */
function requestLines({ messages: { byRequest = {} } }: Summary): string[] {
  const rows = Object.entries(byRequest);
  if (rows.length === 0) return [];
  return columns([
    REQUEST_TITLES,
    ...rows.map(([kind, request]) => {
      const { latencyMs: l } = request;
      return [kind, ...requestCounts(request), ...(l === null ? [] : [l.med, l.p95, l.p99, l.max].map(millis))];
    }),
  ]);
}

/** Of the columns that tell of a kind of request, with its name before and its times behind the counts. */
export const REQUEST_TITLES = ['', 'sent', 'answered', 'failed', 'med', 'p95', 'p99', 'max'];

/** How many of a kind were sent, answered and failed; of one that wants no reply none could be answered. */
export function requestCounts({ sent, answered, failed, latencyMs }: RequestBooks): string[] {
  const isSentOnly = latencyMs === null && sent > 0 && answered === 0 && failed === 0;
  return [groupDigits(sent), isSentOnly ? 'sent only' : groupDigits(answered), groupDigits(failed)];
}

function failureLines(summary: Summary, advise: typeof adviceFor): string[] {
  const { messages, details } = summary;
  const lines = failuresOf(summary, advise).flatMap(({ title, reason, count, advice }) => [
    `${groupDigits(count)} ${title}: ${reason}`,
    ...wrap(advice, 72).map((line) => `  ${line}`),
  ]);
  return [
    ...lines,
    ...countedTexts('Script errors', summary.scriptErrors),
    ...countedTexts('Refused with', messages.refused),
    ...countedTexts('As they read', details, adviceForDetail),
    ...countedTexts('By target', summary.byTarget ?? {}),
    ...countedTexts('By address, as far as errors tell it', summary.byAddress ?? {}),
    ...[...summary.hints, ...(summary.unproved ?? [])].flatMap((hint) => wrap(`! ${hint}`, 74)),
    ...countedTexts(framesTitle(summary), summary.unexpectedFrames),
  ];
}

/** The commonest ten of some texts with their counts. */
function countedTexts(
  title: string,
  counts: Record<string, number>,
  explain: (text: string) => string | null = () => null,
): string[] {
  const texts = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  if (texts.length === 0) return [];
  const shown = texts
    .slice(0, 10)
    .flatMap(([text, count]) => [
      ...wrap(`${groupDigits(count)} x ${text}`, 74).map((line, i) => `  ${i === 0 ? '' : '  '}${line}`),
      ...wrap(explain(text) ?? '', 70).map((line) => `      ${line}`),
    ]);
  if (texts.length > 10) shown.push(`  and ${texts.length - 10} more texts`);
  return [`${title}:`, ...shown];
}

function checkLines({ checks }: Summary): string[] {
  return Object.entries(checks).map(
    ([name, { passes, fails }]) => `${legible(name)}: ${groupDigits(passes)} of ${groupDigits(passes + fails)}`,
  );
}

/** What was timed, and what is to be said of it. */
export function latencyRows({ latencyMs }: Summary): [name: string, latency: Latency][] {
  const rows: [string, Latency | null][] = [
    ['connect', latencyMs.connect],
    ['login', latencyMs.ready],
    ['round trip', latencyMs.roundTrip],
    ['  in the hold', latencyMs.roundTripInHold ?? null],
    ['from intended send', latencyMs.response],
    ['first reply', latencyMs.firstReply],
    ['delivery', latencyMs.delivery],
  ];
  return rows.filter((row): row is [string, Latency] => row[1] !== null);
}

function latencyLines(summary: Summary): string[] {
  const present = latencyRows(summary);
  if (present.length === 0) return [];
  const lines = columns([
    ['', 'avg', 'min', 'med', 'p90', 'p95', 'p99', 'max'],
    ...present.map(([name, l]) => [name, ...[l.avg, l.min, l.med, l.p90, l.p95, l.p99, l.max].map(millis)]),
  ]);
  return [...lines, ...latencyNotes(summary)];
}

/** How many round trips were kept, and what is odd about the times. */
export function latencyNotes({ latencyMs, messages }: Summary): string[] {
  const lines: string[] = [];
  const kept = latencyMs.roundTrip?.count ?? 0;
  if (kept > 0 && kept < messages.answered) {
    lines.push(`round trips: ${((kept / messages.answered) * 100).toFixed(1)} % of the replies kept, chosen at random`);
  }
  if (latencyMs.delivery && latencyMs.delivery.min < 0) {
    lines.push(`! a delivery took ${millis(latencyMs.delivery.min)} ms: the clocks of the processes differ`);
  }
  return lines;
}

/** A time in ms without its unit: `0.4`, `1,204`; `-` where there is none. */
export function millis(value: number | null): string {
  if (value === null) return '-';
  return Math.abs(value) >= 100 ? groupDigits(value) : value.toFixed(1);
}

function generatorLines({ generator, plan, host }: Summary): string[] {
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
  // k6 by itself cannot see it.
  const unseen = host === undefined ? ["its host's CPU, memory and network not measured: npm start does it"] : [];
  const limits =
    generator.limits.length === 0 ? ['it was not the limit'] : generator.limits.flatMap((l) => wrap(`! ${l}`, 74));
  return [...memory, ...lag, ...segment, ...unseen, ...limits];
}
