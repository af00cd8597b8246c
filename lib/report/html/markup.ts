/** HTML that is safe to be put into a page as it stands. */
export class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

type Part = string | number | Markup | null | false | readonly Part[];

/**
 * Puts HTML together: what is Markup goes in as it stands, all else is escaped, since it can be the server's words. Nothing
 * comes of null and false.
 */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(texts.map((text, i) => (i === 0 ? text : `${show(parts[i - 1] ?? null)}${text}`)).join(''));
}

function show(part: Part): string {
  if (part === null || part === false) return '';
  if (part instanceof Markup) return part.html;
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return part.map(show).join('');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Control characters but tab and line feed, and those that turn the order of a text around: from and to. */
const UNSEEN: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200e, 0x200f],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
];

/** For text and for attributes in quotes. What nobody would see becomes visible. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => ENTITIES[char] as string)
    .replace(/[^ -~]/g, (char) => {
      const code = char.charCodeAt(0);
      return UNSEEN.some(([from, to]) => code >= from && code <= to) ? '\ufffd' : char;
    });
}

/** A titled part of the page; none where there is nothing in it. */
export function section(title: string, ...content: readonly (Markup | null)[]): Markup | null {
  const present = content.filter((part) => part !== null);
  if (present.length === 0) return null;
  const id = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${present}</section>\n`;
}

/** Tables with more columns than this have their rows as blocks on a wide screen, too. */
const MANY = 9;

/** A cell with more characters than this holds words rather than a figure, and needs a wider block. */
const WORDY = 16;

/** A value with more characters than this has a row of its own. */
const LONG = 40;

/**
 * A table whose rows become blocks on a narrow screen, where each figure has its column's title beside it. The roles say
 * that it is still a table.
 *
 * @param titles - of the columns; the first cell of a row is its name.
 */
export function table(caption: string, titles: readonly string[], rows: readonly (readonly Part[])[]): Markup | null {
  if (rows.length === 0) return null;
  const isWordy = rows.some(([, ...cells]) => cells.some((cell) => lengthOf(cell) > WORDY));
  const layout = `${titles.length > MANY ? 'many' : 'plain'}${isWordy ? ' wordy' : ''}`;
  return html`<table role="table" class="${layout}"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${titles.map(
    (title) => html`<th role="columnheader" scope="col">${title}</th>`,
  )}</tr></thead><tbody role="rowgroup">${rows.map(
    ([name = '', ...cells]) =>
      html`<tr role="row"><th role="rowheader" scope="row">${name}</th>${cells.map(
        (cell, i) => html`<td role="cell" data-label="${titles[i + 1] ?? ''}">${cell}</td>`,
      )}</tr>`,
  )}</tbody></table>`;
}

/** Names and what they stand for. */
export function pairs(rows: readonly (readonly [name: string, value: Part])[]): Markup | null {
  if (rows.length === 0) return null;
  return html`<dl>${rows.map(
    ([name, value]) =>
      html`<div${lengthOf(value) > LONG && new Markup(' class="long"')}><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

/** Characters that a reader sees. */
function lengthOf(part: Part): number {
  return show(part).replace(/<[^>]*>/g, '').length;
}

/** Sentences, one below the other. */
export function list(name: string, lines: readonly Part[]): Markup | null {
  return lines.length === 0 ? null : html`<ul class="${name}">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}
