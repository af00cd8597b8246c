import { groupDigits } from '../../plan/format.ts';
import { formatSize } from '../../settings/parsers.ts';
import { valueText } from '../judge.ts';
import type { Compared, Side } from './judge.ts';

/** A figure on one side: the median, and with several runs the least and the greatest. */
export function sideText({ unit }: Compared, { values, median }: Side): string {
  if (median === null) return 'not measured';
  const known = values.flatMap((value) => value ?? []);
  const least = figureText(Math.min(...known), unit);
  const most = figureText(Math.max(...known), unit);
  const text = figureText(median, unit);
  return known.length < 2 || least === most ? text : `${text} (${rangeText(least, most)})`;
}

/** `23.9-24.5`, and with their units where these differ: `980MB-1.02GB`. */
function rangeText(least: string, most: string): string {
  const [number, unit] = parts(least);
  const [greater, same] = parts(most);
  return unit === same ? `${number}-${greater}` : `${least}-${most}`;
}

function parts(text: string): [number: string, unit: string] {
  const [, number = text, unit = ''] = /^([\d.,]+)(.*)$/.exec(text) ?? [];
  return [number, unit];
}

/** `+12 %`, of shares the difference in points, and what cannot be a share of 0 in its own unit. */
export function differenceText({ unit, difference, relative }: Compared): string {
  if (difference === null) return '';
  const sign = difference < 0 ? '-' : '+';
  const size = Math.abs(difference);
  if (unit === 'share') return size < 0.00005 ? '0' : `${sign}${(size * 100).toFixed(2)} points`;
  if (difference === 0) return '0';
  if (relative === null) return `${sign}${figureText(size, unit)}`;
  const percent = Math.abs(relative) * 100;
  return `${sign}${percent < 9.95 ? percent.toFixed(1) : groupDigits(percent)} %`;
}

/** `worse`, with the reason where it is not the size of the difference. */
export function verdictText({ verdict, reason }: Compared): string {
  if (verdict === null || verdict === 'same') return '';
  return reason ? `${verdict}: ${reason}` : verdict;
}

function figureText(value: number, unit: Compared['unit']): string {
  switch (unit) {
    case 'share':
      return valueText(value, 'share');
    case 'bytes':
      return formatSize(value);
    case 'ms':
      return `${value < 100 ? Number(value.toFixed(1)) : groupDigits(value)} ms`;
    case 'cores':
      return value.toFixed(2);
    case 'number':
      return groupDigits(value);
  }
}
