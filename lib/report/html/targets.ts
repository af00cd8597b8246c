import { duration, share, size } from '../../settings/parsers.ts';
import type { Summary, TargetResult } from '../summary.ts';
import { basis, measuredText } from '../text.ts';
import { unitOf } from '../unit.ts';
import { html, list, type Markup } from './markup.ts';

/** Each target with what was asked and measured, as a bar against its limit; of those that want 0 only the missed ones. */
export function targetList(targets: readonly TargetResult[], summary: Summary | null): Markup | null {
  const shown = targets.filter(({ metric, pass }) => unitOf(metric) !== 'count' || pass === false);
  const zeros = targets.filter((target) => !shown.includes(target));
  if (shown.length === 0) return null;
  return html`${list(
    'targets',
    shown.map((target) => targetRow(target, summary)),
  )}${
    zeros.length > 0 &&
    html`<p class="note">0, as they have to be: ${[...new Set(zeros.map(({ name }) => name))].join(', ')}.</p>`
  }`;
}

function targetRow(result: TargetResult, summary: Summary | null): Markup {
  const state = stateOf(result.pass);
  const counts = summary === null ? '' : basis(result, summary);
  return html`<div class="target ${state.name}"><span class="mark">${state.mark}<span class="unseen"> ${state.words}</span></span><span class="name">${
    result.name
  }</span><span class="asked">${result.target}</span><span class="measured">${measuredText(result)}</span><span class="basis">${counts}</span>${targetBar(
    result,
  )}</div>`;
}

/** A mark that does not live by its colour alone. */
export function stateOf(pass: boolean | null): { name: 'good' | 'bad' | 'open'; mark: string; words: string } {
  if (pass === null) return { name: 'open', mark: '–', words: 'not judged' };
  return pass ? { name: 'good', mark: '✓', words: 'met' } : { name: 'bad', mark: '✗', words: 'missed' };
}

function targetBar(result: TargetResult): Markup | null {
  const limit = limitOf(result);
  if (limit === null) return null;
  const measured = result.actual ?? 0;
  const most = unitOf(result.metric) === 'share' ? 1 : Math.max(limit, measured) * 1.15;
  const at = (value: number) => `${Math.max(0, Math.min(100, (value / most) * 100)).toFixed(2)}%`;
  const isFloor = result.target.startsWith('>');
  const label = `${measuredText(result)}, limit ${result.target}`;
  // The allowed part is tinted; the bar is as long as what was measured.
  return html`<svg class="bar" role="img" aria-label="${label}"><rect class="ground" width="100%" height="100%" rx="3"/><rect class="allowed" x="${
    isFloor ? at(limit) : '0%'
  }" width="${isFloor ? at(most - limit) : at(limit)}" height="100%" rx="3"/>${
    result.actual !== null && html`<rect class="value" y="25%" width="${at(measured)}" height="50%" rx="2"/>`
  }<rect class="limit" x="${at(limit)}" y="0" width="2" height="100%"/></svg>`;
}

/** The limit of a target in its metric's unit, out of its text: `> 95 %`, `< 2.5GB`; null: none that a bar can show. */
export function limitOf({ metric, target }: TargetResult): number | null {
  const text = /^[<>]=? (.+)$/.exec(target)?.[1];
  if (text === undefined) return null;
  const unit = unitOf(metric);
  const read = { share, ms: duration(0, Number.MAX_SAFE_INTEGER), bytes: size(0, Number.MAX_SAFE_INTEGER) };
  if (unit !== 'share' && unit !== 'ms' && unit !== 'bytes') return null;
  try {
    return read[unit](text.replace(' %', '%'));
  } catch {
    return null;
  }
}
