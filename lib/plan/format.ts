/** `12,345`: k6's JavaScript runtime has no locales, so digits are grouped by hand. */
export function groupDigits(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

const FEW = 3;

/** The first of many, and how many others there are: `ws://a/, ws://b/, ws://c/ and 197 more`. */
export function inShort(texts: readonly string[]): string {
  const others = texts.length - FEW;
  return texts.slice(0, FEW).join(', ') + (others > 0 ? ` and ${groupDigits(others)} more` : '');
}

/** Whether a terminal would obey it, or write what follows from right to left: C0, C1 and the marks of bidirectional text. */
export function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code < 0xa0) return code < 0x20 || code >= 0x7f;
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code === 0x200e || code === 0x200f;
}

/** The beginning of a text, of so many UTF-16 units at most: not in the middle of a character of two units. */
export function cut(text: string, length: number): string {
  return text.length > length ? text.slice(0, length).replace(/[\ud800-\udbff]$/, '') : text;
}

/** With control characters written out, as `\x1b`. */
export function legible(text: string): string {
  return Array.from(text, (character) => {
    if (!isControl(character)) return character;
    const code = character.charCodeAt(0);
    return code > 0xff ? `\\u${code.toString(16)}` : `\\x${code < 16 ? '0' : ''}${code.toString(16)}`;
  }).join('');
}
