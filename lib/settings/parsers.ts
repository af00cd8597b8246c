import { HANDSHAKE_HEADERS } from './handshake-headers.ts';

/** Thrown by a parser: says what is expected, in words that complete "expected …". */
export class Expected extends Error {}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads `500ms`, `10s`, `1m30s`, `1h` as whole milliseconds from `min` to `max`. */
export function duration(min: number, max: number): (text: string) => number {
  const expected = `a duration from ${formatDuration(min)} to ${formatDuration(max)}`;
  return (text) => {
    if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) throw new Expected(expected);
    let total = 0;
    for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
      total += Number(amount) * (UNIT_MS[unit as string] as number);
    }
    const ms = Math.round(total);
    if (ms < min || ms > max) throw new Expected(expected);
    return ms;
  };
}

/** Reads `1s..30s` as two durations from `min` to `max`, the first not above the second; one alone stands for both. */
export function durations(min: number, max: number): (text: string) => { fromMs: number; toMs: number } {
  const one = duration(min, max);
  const expected = `two durations from ${formatDuration(min)} to ${formatDuration(max)}, the shorter one first, with .. between them`;
  return (text) => {
    const [from = '', to = from, ...more] = text.split('..').map((part) => part.trim());
    try {
      const [fromMs, toMs] = [one(from), one(to)];
      if (more.length > 0 || fromMs > toMs) throw new Expected(expected);
      return { fromMs, toMs };
    } catch {
      throw new Expected(expected);
    }
  };
}

const SIZE_BYTES: Record<string, number> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 };

/** Reads `64`, `64B`, `4KB`, `500MB`, `2GB` (powers of ten) as bytes from `min` to `max`. */
export function size(min: number, max: number): (text: string) => number {
  const expected = `a size from ${formatSize(min)} to ${formatSize(max)}`;
  return (text) => {
    const match = /^(\d+(?:\.\d+)?)(B|KB|MB|GB)?$/i.exec(text);
    if (!match) throw new Expected(expected);
    const bytes = Math.round(Number(match[1]) * (SIZE_BYTES[(match[2] ?? 'B').toUpperCase()] as number));
    if (bytes < min || bytes > max) throw new Expected(expected);
    return bytes;
  };
}

/** Reads a whole number from `min` to `max`; underscores may group digits, as in `10_000`. */
export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+(_\d+)*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
    if (!(value >= min && value <= max)) throw new Expected(`a whole number from ${min} to ${max}`);
    return value;
  };
}

/** Reads a share as `0.95` or `95%`; the result is from 0 to 1. */
export function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s?(%?)$/.exec(text);
  const value = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
  if (!(value >= 0 && value <= 1)) throw new Expected('a share from 0 to 1, or from 0% to 100%');
  return value;
}

/** Reads one word out of a list. */
export function oneOf<T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((known) => known === text);
    if (word === undefined) throw new Expected(`one of ${words.join(', ')}`);
    return word;
  };
}

/** Reads `true` or `false`; nothing else, so that a typing error is never a silent `true`. */
export function flag(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new Expected('true or false');
  return text === 'true';
}

/** Reads a comma-separated list of whole numbers from `min` to `max`. */
export function integers(min: number, max: number): (text: string) => number[] {
  const one = integer(min, max);
  return (text) => text.split(',').map((part) => one(part.trim()));
}

/** A token of RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What to write in the place of a header that the handshake sets itself. */
const INSTEAD: Record<string, string> = {
  'sec-websocket-extensions': '; WS_COMPRESSION=true offers permessage-deflate',
  'sec-websocket-protocol': '; write its value into WS_SUBPROTOCOL',
};

/** Reads a JSON object of header names and string values. What it refuses, it names without the value. */
export function headers(text: string): Record<string, string> {
  const refuse = (problem: string): never => {
    throw new Expected(
      `a JSON object of strings, with header names that the handshake does not set itself; ${problem}`,
    );
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not the engine's own text: it can quote the value.
    refuse('it is not JSON (some shells take the double quotes away)');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('it is no JSON object');
  for (const [name, content] of Object.entries(value)) {
    const header = JSON.stringify(name);
    if (!TOKEN.test(name)) refuse(`${header} is no name of a header`);
    const known = name.toLowerCase();
    if (HANDSHAKE_HEADERS.includes(known)) refuse(`${header} is set by the handshake${INSTEAD[known] ?? ''}`);
    if (typeof content !== 'string') refuse(`the value of ${header} is no text in quotes`);
    else if (hasControlCharacter(content)) refuse(`the value of ${header} has a control character`);
  }
  return value as Record<string, string>;
}

/** Reads the names of sub-protocols, separated by commas: tokens, none of them twice (RFC 6455, 4.1). */
export function subprotocols(text: string): string {
  const names = text.split(',').map((name) => name.trim());
  // A column of the user's stands for a token.
  const isToken = (name: string) => TOKEN.test(name.replace(/\{[^{}]+\}/g, 'x'));
  if (!names.every(isToken) || new Set(names).size < names.length)
    throw new Expected('names of sub-protocols without spaces, separated by commas, none of them twice');
  return names.join(',');
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}

/** `90s`, `5m`, `50ms`, `1h30m`: the largest units first, nothing that is zero. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`;
  // Seconds have two decimals: rounded first, so that none reads as 60s.
  const rounded = Math.round(ms / 10) * 10;
  const hours = Math.floor(rounded / 3_600_000);
  const minutes = Math.floor((rounded % 3_600_000) / 60_000);
  const seconds = (rounded % 60_000) / 1_000;
  return `${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${seconds ? `${Number(seconds.toFixed(2))}s` : ''}`;
}

/** `500MB`, `1.84GB`: powers of ten, at most two decimals. */
export function formatSize(bytes: number): string {
  for (const [unit, value] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['KB', 1e3],
  ] as const) {
    if (bytes >= value) return `${Number((bytes / value).toFixed(value === 1e9 ? 2 : 0))}${unit}`;
  }
  return `${bytes}B`;
}
