import { Expected } from './parsers.ts';

/** A doubled brace, a column in braces, or a brace that is neither. Made by the call: a VU that has no users makes none. */
const part = () => /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/**
 * Names of the columns that a text takes from the connection's user, each once, in the order of the text:
 * `token` in `ws://host/?token={token}`. A brace itself is written `{{` or `}}`.
 *
 * @throws Expected for a brace without its counterpart, or with nothing between.
 */
export function columnsOf(text: string): string[] {
  const names: string[] = [];
  for (const [found, name] of text.matchAll(part())) {
    if (name === '' || found.length === 1) {
      throw new Expected(
        'the name of a column of WS_USERS between { and }, such as {token}; a brace itself is written {{ or }}',
      );
    }
    if (name !== undefined && !names.includes(name)) names.push(name);
  }
  return names;
}

/**
 * The text with this row's values in place of the columns, and single braces in place of doubled ones.
 *
 * @param text - for which columnsOf() throws nothing, and names only columns of the row.
 * @param encode - makes a value (or a brace) fit for its place: encodeURIComponent in a URL, nothing in a header.
 * @throws Error, without any value in it, if the row has no such column.
 */
export function fill(text: string, row: Readonly<Record<string, string>>, encode: (value: string) => string): string {
  // The first regular expression that a VU uses costs it 16 KB.
  if (text.indexOf('{') < 0 && text.indexOf('}') < 0) return text;
  return text.replace(part(), (found: string, name: string | undefined) => {
    if (name === undefined) return encode(found.charAt(0));
    const value = row[name];
    if (typeof value !== 'string') throw new Error(`the users have no column ${name}`);
    return encode(value);
  });
}
