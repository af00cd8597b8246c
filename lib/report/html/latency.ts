import type { Latency, Summary } from '../summary.ts';
import { latencyNotes, latencyRows, millis } from '../text.ts';
import { html, list, type Markup, table } from './markup.ts';

/** The percentiles of all that was timed, in figures and as a picture on one scale. */
export function latencyPart(summary: Summary): Markup | null {
  const rows = latencyRows(summary);
  if (rows.length === 0) return null;
  const scale = scaleOf(rows.map(([, latency]) => latency));
  return html`${table(
    'Times in ms',
    ['', 'avg', 'min', 'med', 'p90', 'p95', 'p99', 'max', 'spread'],
    rows.map(([name, l]) => [
      name.trim(),
      ...[l.avg, l.min, l.med, l.p90, l.p95, l.p99, l.max].map(millis),
      spread(l, scale),
    ]),
  )}<p class="note">Spread: from min to max on one logarithmic scale of ${scale.least} ms to ${millis(scale.most)} ms; the bar is from med to p95, its tip p99.</p>${list('hints', latencyNotes(summary))}`;
}

interface Scale {
  least: number;
  most: number;
}

/** Whole powers of ten, from 0.1 ms or more. */
function scaleOf(latencies: readonly Latency[]): Scale {
  const most = Math.max(1, ...latencies.map(({ max }) => max));
  const least = Math.min(...latencies.map(({ min, med }) => (min > 0 ? min : med)));
  return {
    least: 10 ** Math.floor(Math.log10(Math.min(most / 10, Math.max(0.1, least)))),
    most: 10 ** Math.ceil(Math.log10(most)),
  };
}

function spread({ min, med, p95, p99, max }: Latency, { least, most }: Scale): Markup {
  const at = (ms: number) =>
    Math.max(0, Math.min(100, (Math.log(Math.max(ms, least) / least) / Math.log(most / least)) * 100));
  const from = (start: number, end: number) =>
    html`x="${at(start).toFixed(1)}%" width="${Math.max(0.8, at(end) - at(start)).toFixed(1)}%"`;
  return html`<svg class="spread" aria-hidden="true"><rect class="ground" y="7" height="2" ${from(min, max)}/><rect class="tail" y="4" height="8" rx="1" ${from(med, p99 ?? p95)}/><rect class="value" y="4" height="8" rx="1" ${from(med, p95)}/></svg>`;
}
