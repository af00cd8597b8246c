import { groupDigits } from '../../plan/format.ts';
import { formatDuration, formatSize } from '../../settings/parsers.ts';
import type { Latency, TargetResult } from '../summary.ts';
import { measuredText, millis } from '../text.ts';
import { html, type Markup, pairs, table } from './markup.ts';

/** An object with more figures than these is for programs, as is a series by the second of the epoch. */
const MAX_PARTS = 30;
const EPOCH_SECOND = /^\d{9,}$/;

type Fact = string | number | boolean | null | undefined | readonly unknown[] | object;

/**
 * What a scenario's summary has of its own, from its fields alone: figures as names and values, lists of objects as tables,
 * and what is nested below it under a title of its own.
 */
export function factsOf(value: unknown): Markup | null {
  if (Array.isArray(value)) return listOf(value);
  if (!isObject(value)) return html`<p>${textOf('', value as Fact)}</p>`;
  const entries = Object.entries(value).filter(([, fact]) => !isEmpty(fact));
  if (entries.length === 0) return null;
  const flat = entries.filter(([, fact]) => !isNested(fact));
  const nested = entries.filter(([, fact]) => isNested(fact));
  return html`${pairs(flat.map(([name, fact]) => [wordsOf(name), textOf(name, fact as Fact)]))}${nested.map(
    ([name, fact]) => html`<h3>${wordsOf(name)}</h3>${factsOf(fact)}`,
  )}`;
}

/** `reconnectTimeMs` as `reconnect time`. */
export function wordsOf(name: string): string {
  return name
    .replace(/(Ms|Bytes)$/, '')
    .replace(/([a-z]{2})(\d)/g, '$1 $2')
    .replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

function listOf(items: readonly unknown[]): Markup | null {
  if (items.length === 0) return null;
  if (!items.every(isObject)) return html`<p>${items.map((item) => textOf('', item as Fact)).join(', ')}</p>`;
  const facts = items as readonly Record<string, Fact>[];
  const names = [...new Set(facts.flatMap((item) => Object.keys(item)))].filter(
    (name) => !facts.every((item) => isEmpty(item[name])),
  );
  return table(
    '',
    names.map(wordsOf),
    facts.map((item) => names.map((name) => textOf(name, item[name]))),
  );
}

function textOf(name: string, fact: Fact): string {
  if (fact === null || fact === undefined) return '-';
  if (typeof fact === 'boolean') return fact ? 'yes' : 'no';
  if (typeof fact === 'string') return fact;
  if (typeof fact === 'number') return numberText(name, fact);
  if (isTargets(fact)) return verdictOf(fact);
  if (Array.isArray(fact)) return fact.length === 0 ? '-' : fact.map((item) => textOf('', item as Fact)).join(', ');
  if (isLatency(fact)) return `med ${millis(fact.med)}, p95 ${millis(fact.p95)}, max ${millis(fact.max)} ms`;
  const parts = Object.entries(fact).filter(([, value]) => !isEmpty(value));
  if (parts.length === 0) return '-';
  if (isForPrograms(fact)) return `${parts.length} of them, in summary.json`;
  // Of `memoryBytes: {before, peak}` all are bytes.
  const unitName = (own: string) => (/(Ms|Bytes)$/.test(own) ? own : name);
  return parts.map(([own, value]) => `${wordsOf(own)} ${textOf(unitName(own), value as Fact)}`).join(', ');
}

function isLatency(fact: object): fact is Latency {
  return 'med' in fact && 'p95' in fact && 'max' in fact;
}

function isTargets(fact: Fact): fact is TargetResult[] {
  return (
    Array.isArray(fact) && fact.length > 0 && fact.every((item) => isObject(item) && 'pass' in item && 'target' in item)
  );
}

function verdictOf(targets: readonly TargetResult[]): string {
  if (targets.every(({ pass }) => pass === null)) return '-';
  const missed = targets.filter(({ pass }) => pass === false);
  if (missed.length === 0) return 'met';
  return missed.map((target) => `${target.name} ${measuredText(target)}, asked ${target.target}`).join('; ');
}

function numberText(name: string, value: number): string {
  if (/Ms$/.test(name)) return formatDuration(Math.round(value));
  if (/Bytes$|^bytesPer/.test(name)) return formatSize(Math.round(value));
  if (/(share|rate|success|availability|held|^cpu|saturated)$/i.test(name) && value >= 0 && value <= 1) {
    return `${(Math.floor(value * 10_000) / 100).toFixed(2)} %`;
  }
  return Number.isInteger(value) ? groupDigits(value) : String(Number(value.toFixed(3)));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects of plain figures stand in one line, such as counts by reason. */
function isNested(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isObject);
  if (!isObject(value) || isForPrograms(value)) return false;
  return Object.values(value).some((part) => isObject(part) || Array.isArray(part));
}

function isForPrograms(value: object): boolean {
  const names = Object.keys(value);
  return names.length > MAX_PARTS || names.some((name) => EPOCH_SECOND.test(name));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
