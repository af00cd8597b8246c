import { groupDigits, inShort } from '../../plan/format.ts';
import { formatDuration, formatSize } from '../../settings/parsers.ts';
import { comparisonRows } from '../comparison.ts';
import { valueText } from '../judge.ts';
import type { JudgedBooks } from '../login.ts';
import type { MergedSummary } from '../merge.ts';
import { arrivalsLine } from '../planned-line.ts';
import type { Summary, TargetResult, TierResult } from '../summary.ts';
import {
  balanceSection,
  claimLine,
  millis,
  overtime,
  REQUEST_TITLES,
  requestCounts,
  usersLine,
  verdictSentence,
} from '../text.ts';
import { failureParts } from './failures.ts';
import { flowInWords, flowsOf } from './flow.ts';
import { narrowFlow, wideFlow } from './flow-picture.ts';
import { latencyPart } from './latency.ts';
import { html, list, Markup, section, table } from './markup.ts';
import { factsOf, wordsOf } from './other-parts.ts';
import { generatorPart, settingsPart, versionsPart } from './run.ts';
import { STYLE } from './style.ts';
import { stateOf, targetList } from './targets.ts';

/** The charts over time, as lib/report/html/charts-part.ts makes them. */
export interface ChartsPart {
  /** Goes into the page where charts stand. */
  body: Markup;
  style: string;
  /** Texts of the scripts that the page may run, and no others. */
  scripts: string[];
  /** `'sha256-…'` of each. */
  hashes: string[];
}

/** Fields of the summary that the page shows in its own way; any other is shown by its names and values. */
const KNOWN: readonly string[] = [
  ...['schemaVersion', 'verdict', 'scenario', 'plan', 'description', 'endedAt', 'versions', 'durationMs', 'targets'],
  ...['connections', 'messages', 'pushes', 'deliveries', 'balanced', 'differences', 'details', 'scriptErrors'],
  ...['unexpectedFrames', 'byTarget', 'hints', 'unproved', 'checks', 'latencyMs', 'generator', 'tiers', 'arrivals'],
  ...['comparison', 'processes'],
];

/** What a scenario was run to learn stands before all else, and whose part of a test is in no figure. */
const ANSWERS: readonly string[] = ['missing', 'capacity', 'reconnect'];

/**
 * The report as one HTML file that asks nobody for anything: without charts, it runs no script at all.
 *
 * @param charts - over time; null: the run was not recorded.
 */
export function reportHtml(summary: Summary | MergedSummary, charts: ChartsPart | null = null): string {
  const { verdict, scenario } = summary;
  const title = `${verdict === 'pass' ? 'PASS' : 'FAIL'} ${scenario}`;
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src ${charts ? charts.hashes.join(' ') : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(STYLE)}${charts && new Markup(charts.style)}</style>
</head>
<body>
${head(summary)}
<main>
${partsOf(summary, charts)}<div class="beside">
${section('Settings', settingsPart(summary))}
${section('Versions', versionsPart(summary))}
</div>
</main>
${charts?.scripts.map((script) => new Markup(`<script>${script}</script>`)) ?? null}
</body>
</html>
`;
  return page.html;
}

function ownSection([name, value]: [string, unknown]): Markup | null {
  return section(capital(wordsOf(name)), factsOf(value));
}

/** The sections, in the order in which a reader asks: what was missed, where it went, why, how fast, when. */
function partsOf(summary: Summary | MergedSummary, charts: ChartsPart | null): (Markup | null)[] {
  const unknown = Object.entries(summary).filter(([name]) => !KNOWN.includes(name));
  return [
    ...unknown.filter(([name]) => ANSWERS.includes(name)).map(ownSection),
    section('Targets', summary.tiers ? tiersTargets(summary.tiers) : targetList(targetsOf(summary), summary)),
    ...(summary.tiers
      ? summary.tiers.map((tier) => section(`Where ${groupDigits(tier.tier)} went`, ...booksParts(tier)))
      : [section('Where everything went', ...booksParts(summary))]),
    section('Failures', ...failureParts(summary)),
    section('Compared', comparisonTable(summary)),
    section('Arrivals', summary.arrivals ? factsOf(summary.arrivals) : null),
    section('Checks of the conversation', checksTable(summary)),
    section('Latency', latencyPart(summary), requestsTable(summary)),
    section('Over time', charts ? charts.body : noCharts(summary)),
    section('Generator', ...generatorPart(summary)),
    ...unknown.filter(([name]) => !ANSWERS.includes(name)).map(ownSection),
    section('Processes', processesTable(summary)),
  ];
}

function head(summary: Summary | MergedSummary): Markup {
  const { verdict, scenario, description, plan, endedAt, durationMs, generator } = summary;
  const passed = verdict === 'pass';
  const sentence = description ?? `${groupDigits(plan.connections)} connections to ${inShort(plan.urls)}`;
  const lasted = formatDuration(durationMs < 1_000 ? durationMs : Math.round(durationMs / 1_000) * 1_000);
  const when = endedAt ? `Ended ${endedAt.slice(0, 16).replace('T', ' ')} UTC, after ${lasted}.` : `It took ${lasted}.`;
  const by = 'processes' in summary ? [`${summary.processes.length + (summary.missing?.length ?? 0)} processes.`] : [];
  return html`<header class="${passed ? 'good' : 'bad'}">
<p class="scenario">${scenario}</p>
<h1><span class="badge">${passed ? '✓ PASS' : '✗ FAIL'}</span> ${capital(verdictSentence(summary))}</h1>
<p>${sentence}.</p>
<p class="note">${[when, ...by, ...overtime(summary), ...usersLine(summary), ...claimLine(summary)].map((line) => line.trim()).join(' ')}</p>
${list('hints', generator.limits)}
${list(
  'tiles',
  tilesOf(summary).map(([name, value, more]) => html`<span>${name}</span><b>${value}</b><span>${more}</span>`),
)}
</header>`;
}

/** The figures that are asked for first. */
function tilesOf({ connections, messages, latencyMs, generator }: Summary): [string, string, string][] {
  const n = groupDigits;
  const { attempted, established, ready, closed } = connections;
  const wanted = messages.sent - messages.sentOnly;
  const tiles: [string, string, string][] = [
    [
      'established',
      n(established),
      attempted > 0 ? `${shareText(established, attempted)} of ${n(attempted)}` : 'none attempted',
    ],
    ['held to the end', n(closed), ready > 0 ? `${shareText(closed, ready)} of ${n(ready)}` : 'none to hold'],
  ];
  if (wanted > 0)
    tiles.push(['answered', n(messages.answered), `${shareText(messages.answered, wanted)} of ${n(wanted)}`]);
  const { roundTrip, connect } = latencyMs;
  if (roundTrip) tiles.push(['round trip p95', `${millis(roundTrip.p95)} ms`, `p99 ${millis(roundTrip.p99)} ms`]);
  else if (connect) tiles.push(['connect p95', `${millis(connect.p95)} ms`, `max ${millis(connect.max)} ms`]);
  if (generator.memoryBytes !== null) tiles.push(['memory of k6', formatSize(generator.memoryBytes), 'at its peak']);
  return tiles;
}

function shareText(part: number, whole: number): string {
  return valueText(part / whole, 'share');
}

/** Flows with their figures, and the equations that have to hold. */
function booksParts(books: JudgedBooks & Pick<Summary, 'arrivals'>): (Markup | null)[] {
  const { arrivals } = books;
  const { title, lines } = balanceSection(
    books,
    false,
    arrivals && arrivalsLine(books.connections, arrivals),
    Number.POSITIVE_INFINITY,
  );
  return [
    html`<div class="all-flows">${flowsOf(books).map((flow) => {
      const words = flowInWords(flow);
      return html`<figure class="flows${flow.stages.length > 2 ? ' long' : ''}"><figcaption>${flow.title}</figcaption>${wideFlow(flow.stages, words)}${narrowFlow(flow.stages, words)}</figure>`;
    })}<div><h3>${title}</h3>${list(`equations ${books.balanced ? 'good' : 'bad'}`, lines)}</div></div>`,
  ];
}

/** Of the steps of a capacity only those of the one that decided; the table of the steps has the others. */
function targetsOf({ capacity, targets }: Summary): readonly TargetResult[] {
  if (!capacity) return targets;
  const judged = capacity.steps.filter(({ pass }) => pass !== null);
  const deciding = judged.find(({ connections }) => connections === capacity.failedAt) ?? judged[judged.length - 1];
  return [...(deciding?.targets ?? []), ...targets.filter(({ metric }) => !metric.includes('{step:'))];
}

function tiersTargets(tiers: readonly TierResult[]): Markup | null {
  return html`${tiers.map(
    ({ tier, targets }) => html`<h3>${groupDigits(tier)} connections</h3>${targetList(targets, null)}`,
  )}`;
}

function comparisonTable({ comparison }: Summary): Markup | null {
  if (!comparison) return null;
  const [titles = [], ...rows] = comparisonRows(comparison);
  return table(comparison.file, titles, rows);
}

function checksTable({ checks }: Summary): Markup | null {
  return table(
    '',
    ['check', 'passed', 'failed'],
    Object.entries(checks).map(([name, { passes, fails }]) => [name, groupDigits(passes), groupDigits(fails)]),
  );
}

function requestsTable({ messages: { byRequest = {} } }: Summary): Markup | null {
  return table(
    'Requests, round trips in ms',
    REQUEST_TITLES,
    Object.entries(byRequest).map(([kind, request]) => {
      const { latencyMs: l } = request;
      return [kind, ...requestCounts(request), ...[l?.med, l?.p95, l?.p99, l?.max].map((ms) => millis(ms ?? null))];
    }),
  );
}

function processesTable(summary: Summary | MergedSummary): Markup | null {
  if (!('processes' in summary)) return null;
  const rows = summary.processes.map(({ segment, planned, established, memoryBytes, verdict, source }) => [
    segment ?? 'all',
    groupDigits(planned),
    groupDigits(established),
    memoryBytes === null ? 'not measured' : formatSize(memoryBytes),
    stateOf(verdict === 'pass').mark,
    source,
  ]);
  return html`${table('', ['segment', 'planned', 'established', 'memory', 'by itself', 'file'], rows)}<p class="note">Med and p90 to p99 are of the worst process: percentiles do not add up. Memory is the largest process; the target holds for each.</p>`;
}

function noCharts(summary: Summary | MergedSummary): Markup {
  if ('processes' in summary) {
    return html`<p>Charts are drawn for a single process: <code>node scripts/html-report.mjs</code> with the folder of its results.</p>`;
  }
  return html`<p>This run was not recorded, or its charts are not drawn yet. <code>npm start</code> records and draws by itself; after a run of plain k6 with a recording <code>node scripts/html-report.mjs results</code> makes this file again with charts (docs/monitoring.md).</p>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
