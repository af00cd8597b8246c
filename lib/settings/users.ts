import type { parse } from 'papaparse';
// By its path: k6 looks for no packages, and so native k6 can load this file, too.
// @ts-expect-error: by its path it has no types.
import Papa from '../../node_modules/papaparse/papaparse.js';
import { SettingsError } from './settings-error.ts';

/** What WS_USERS names: one row for each user, all with the same columns. */
export interface Users {
  columns: string[];
  rows: Record<string, string>[];
}

/**
 * Reads a users' file: a JSON array of flat objects (text, numbers, true or false; all become text), or CSV with a
 * header line (RFC 4180; a BOM and line breaks of all systems are fine, values are taken as they are).
 *
 * @param text - of the file, decoded as UTF-8.
 * @param name - of the file, for the error.
 * @throws SettingsError with one sentence that shows no value: they can be secrets.
 */
export function parseUsers(text: string, name: string): Users {
  const refuse = (what: string): never => {
    throw new SettingsError([
      `WS_USERS=${JSON.stringify(name)}: expected CSV with a header line or a JSON array of flat objects, but ${what}; for example the two lines user,token and ann,abc, or [{"user":"ann","token":"abc"}]`,
    ]);
  };
  const content = text.replace(/^\ufeff/, '');
  if (content.trim() === '') refuse('the file is empty');
  // What UTF-16 or a Windows code page leaves behind when it is read as UTF-8.
  if (/[\0\ufffd]/.test(content)) refuse('it is not text in UTF-8: save it as such');
  const users = /^\s*[[{]/.test(content) ? fromJson(content, refuse) : fromCsv(content, refuse);
  if (users.rows.length === 0) refuse('it has no rows of users');
  return users;
}

type Refuse = (what: string) => never;

function fromJson(text: string, refuse: Refuse): Users {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    // Not the engine's own text: it can quote the file.
    refuse('it begins like JSON and is not valid JSON');
  }
  if (!Array.isArray(data)) return refuse('it is one JSON object in place of an array');
  const columns = isRow(data[0]) ? Object.keys(data[0]) : [];
  const rows = data.map((row: unknown, i) => {
    if (!isRow(row)) return refuse(`element ${i + 1} of the array is no object`);
    const missing = columns.find((column) => !Object.hasOwn(row, column));
    if (missing !== undefined) refuse(`element ${i + 1} has no ${JSON.stringify(missing)}, which the first has`);
    return Object.fromEntries(
      Object.entries(row).map(([column, value]) => {
        const where = `${JSON.stringify(column)} of element ${i + 1}`;
        if (!columns.includes(column)) refuse(`${where} is not in the first`);
        if (!['string', 'number', 'boolean'].includes(typeof value))
          refuse(`${where} is ${value === null ? 'null' : 'nested'}`);
        if (Number.isInteger(value) && !Number.isSafeInteger(value))
          refuse(`${where} is a number too large to be exact: write it in quotes`);
        return [column, String(value)];
      }),
    );
  });
  if (rows.length > 0) checkColumns(columns, refuse);
  return { columns, rows };
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fromCsv(text: string, refuse: Refuse): Users {
  // A file that two systems have written to has line breaks of both: guessed at once for all, a rest would be part of a value.
  const lined = text.replace(/("(?:[^"]|"")*")|\r\n?/g, (_all, quoted?: string) => quoted ?? '\n');
  const { data, errors } = (Papa.parse as typeof parse)<string[]>(lined, { delimiter: ',', newline: '\n' });
  // A field in quotes can hold line breaks, so that a row is not a line.
  const lines: number[] = [];
  let line = 1;
  for (const row of data) {
    lines.push(line);
    line += 1 + row.reduce((sum, field) => sum + (field.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
  }
  const [wrong] = errors;
  if (wrong) refuse(`the quotes in line ${lines[wrong.row ?? 0]} are unclosed or in the middle of a field`);
  const isBlank = (row: string[]) => row.length === 1 && row[0]?.trim() === '';
  const first = data.findIndex((row) => !isBlank(row));
  const columns = (data[first] ?? []).map((column) => column.trim());
  checkColumns(columns, refuse);
  const rows = data.flatMap((row, i) => {
    if (i <= first || isBlank(row)) return [];
    if (row.length !== columns.length) {
      refuse(`line ${lines[i]} has ${fields(row.length)} where the header has ${columns.length}`);
    }
    return [Object.fromEntries(columns.map((column, c) => [column, row[c] ?? '']))];
  });
  return { columns, rows };
}

function checkColumns(columns: readonly string[], refuse: Refuse): void {
  if (columns.length === 1 && /[;\t]/.test(columns[0] ?? '')) {
    refuse('its header has no comma: semicolons and tabs separate nothing here');
  }
  if (columns.length === 0 || columns.includes('')) refuse('a column has no name');
  const twice = columns.find((column, i) => columns.indexOf(column) < i);
  if (twice !== undefined) refuse(`the column ${JSON.stringify(twice)} is there twice`);
}

function fields(count: number): string {
  return count === 1 ? '1 field' : `${count} fields`;
}
