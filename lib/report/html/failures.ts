import { groupDigits } from '../../plan/format.ts';
import { adviceFor } from '../advice.ts';
import { adviceForDetail } from '../detail-advice.ts';
import { type Failure, failuresOf, framesTitle } from '../failures.ts';
import { stormAdvice } from '../storm-advice.ts';
import type { Summary } from '../summary.ts';
import { html, list, type Markup } from './markup.ts';

/** Texts behind the reasons, of each kind; the others are counted. */
const MAX_TEXTS = 10;

/** What failed and what to do, the commonest first, and the texts behind the reasons. Null: nothing failed. */
export function failureParts(summary: Summary): Markup[] {
  const failures = failuresOf(summary, adviserOf(summary));
  const titles = [...new Set(failures.map(({ title }) => title))];
  return [
    ...titles.map((title) =>
      reasons(
        title,
        failures.filter((failure) => failure.title === title),
      ),
    ),
    texts('Script errors', summary.scriptErrors),
    texts('Refused with', summary.messages.refused),
    texts('As they read', summary.details, adviceForDetail),
    texts('By target', summary.byTarget ?? {}),
    list('hints', [...summary.hints, ...(summary.unproved ?? [])]),
    texts(framesTitle(summary), summary.unexpectedFrames),
  ].filter((part) => part !== null);
}

/** The advice of the summary's scenario. */
function adviserOf(summary: Summary): typeof adviceFor {
  const { insteadOf } = summary.plan;
  if (insteadOf === undefined) return adviceFor;
  return (kind, reason, platform) =>
    `${kind === 'connect' ? stormAdvice(reason, insteadOf, summary) : ''}${adviceFor(kind, reason, platform)}`;
}

function reasons(title: string, failures: readonly Failure[]): Markup {
  const sorted = [...failures].sort((a, b) => b.count - a.count);
  const all = sorted.reduce((sum, { count }) => sum + count, 0);
  return html`<h3>${title}: ${groupDigits(all)}</h3>${list(
    'reasons',
    sorted.map(
      ({ reason, count, advice }) =>
        html`<div class="reason"><code>${reason}</code><span class="count">${groupDigits(count)}</span><svg class="share" aria-hidden="true"><rect class="ground" width="100%" height="100%" rx="2"/><rect class="value" width="${((count / all) * 100).toFixed(2)}%" height="100%" rx="2"/></svg><p>${advice}</p></div>`,
    ),
  )}`;
}

function texts(
  title: string,
  counts: Record<string, number>,
  explain: (text: string) => string | null = () => null,
): Markup | null {
  const sorted = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  if (sorted.length === 0) return null;
  const others = sorted.length - MAX_TEXTS;
  return html`<h3>${title}</h3>${list('texts', [
    ...sorted.slice(0, MAX_TEXTS).map(([text, count]) => {
      const meaning = explain(text);
      return html`<span class="count">${groupDigits(count)} ×</span> <code>${text}</code>${meaning !== null && html`<p>${meaning}</p>`}`;
    }),
    ...(others > 0 ? [`and ${others} more texts`] : []),
  ])}`;
}
