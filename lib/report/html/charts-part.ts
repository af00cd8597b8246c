import { groupDigits } from '../../plan/format.ts';
import { formatSize } from '../../settings/parsers.ts';
import type { Chart, ChartUnit, Line } from './charts.ts';
import { html, Markup } from './markup.ts';

/** Colours by place, told apart also by those who see no red or green; light and dark. */
const COLOURS = 6;

/**
 * The place of each chart with what can be read without a picture: titles, lines, greatest values. The figures follow as
 * data, from which the page's script draws.
 */
export function chartsBody(charts: readonly Chart[], periodNote: string): Markup {
  // No text of the data can end the element that it stands in.
  const data = JSON.stringify(charts.map(compact)).replaceAll('<', '\\u003c');
  return html`<div class="charts">${charts.map(
    ({ title, unit, lines }, i) =>
      html`<figure class="chart"><h3>${title} <span class="unit">${unitText(unit)}</span></h3><div class="plot" data-chart="${i}" role="img" aria-label="${[title, unitText(unit)].filter((part) => part !== '').join(', ')}: ${lines
        .map((line) => `${line.label} at most ${valueText(mostOf(line), unit)}`)
        .join(', ')}"></div><ul class="legend">${lines.map(
        (line, n) =>
          html`<li><svg width="14" height="4" class="${line.isPlan ? 'plan' : `line${colourOf(lines, n)}`}" aria-hidden="true"><rect width="14" height="4"/></svg>${line.label} <output data-most="max ${valueText(mostOf(line), unit)}">max ${valueText(mostOf(line), unit)}</output></li>`,
      )}</ul></figure>`,
  )}</div><p class="note">${periodNote}</p><noscript><p>The charts are drawn by the script in this file, which this browser does not run.</p></noscript>${new Markup(`<script type="application/json" id="series">${data}</script>`)}`;
}

/** The plan has a grey of its own. */
function colourOf(lines: readonly Line[], at: number): number {
  return lines.slice(0, at).filter(({ isPlan }) => !isPlan).length % COLOURS;
}

/** Figures to four places are as much as a chart shows. */
function compact({ title, unit, times, lines }: Chart): object {
  const short = (value: number | null) => (value === null ? null : Number(value.toPrecision(4)));
  return {
    title,
    unit,
    times: times.map((time) => Number(time.toFixed(1))),
    lines: lines.map(({ label, values, isPlan, isLevel }, i) => ({
      label,
      ...(isPlan ? { isPlan } : { colour: colourOf(lines, i) }),
      ...(isLevel && { isLevel }),
      values: values.map(short),
    })),
  };
}

function mostOf({ values }: Line): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

function unitText(unit: ChartUnit): string {
  return unit === 'count' || unit === 'share' ? '' : unit;
}

function valueText(value: number, unit: ChartUnit): string {
  if (unit.startsWith('bytes')) return formatSize(Math.round(value));
  if (unit === 'share') return `${Number((value * 100).toPrecision(3))} %`;
  return value >= 100 ? groupDigits(value) : String(Number(value.toPrecision(3)));
}

export const CHARTS_STYLE = `
:root{--c0:#2c66c8;--c1:#d97d00;--c2:#128a7d;--c3:#7b4fc4;--c4:#c2282d;--c5:#6c7787}
@media (prefers-color-scheme:dark){:root{--c0:#6fa2f5;--c1:#f0a73c;--c2:#46c7b6;--c3:#b394f0;--c4:#ff7b7b;--c5:#9aa5b4}}
@media print{:root{--c0:#2c66c8;--c1:#d97d00;--c2:#128a7d;--c3:#7b4fc4;--c4:#c2282d;--c5:#6c7787}}
.charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:20px 28px}
.chart{margin:0;min-width:0}.chart h3{margin:0 0 4px}.unit{font-weight:400;color:var(--soft);font-size:13px}
.plot{height:190px;overflow:hidden}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:13px;margin-top:2px}.legend li{display:flex;align-items:center;gap:6px}
.legend output{color:var(--soft);font-variant-numeric:tabular-nums}
.line0{fill:var(--c0)}.line1{fill:var(--c1)}.line2{fill:var(--c2)}.line3{fill:var(--c3)}.line4{fill:var(--c4)}.line5{fill:var(--c5)}.plan{fill:var(--soft)}
@media screen and (max-width:720px){.charts{grid-template-columns:minmax(0,1fr)}}
@media print{.charts{grid-template-columns:repeat(2,minmax(0,1fr));gap:14px}.plot canvas{max-width:100%}}
`;
