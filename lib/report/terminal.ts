const COLORS = { good: '\u001b[32m', bad: '\u001b[31m' } as const;
const RESET = '\u001b[0m';
const ESCAPES = new RegExp(`${'\u001b'}\\[\\d+m`, 'g');

/** Colours a text for the terminal, or leaves it as it is. */
export function paint(text: string, color: keyof typeof COLORS, enabled: boolean): string {
  return enabled ? `${COLORS[color]}${text}${RESET}` : text;
}

/** Pads the cells of each column to its widest; two spaces between columns. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const visible = (cell: string) => cell.replace(ESCAPES, '').length;
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, visible(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat((widths[i] as number) - visible(cell)))
      .join('  ')
      .trimEnd(),
  );
}

/** Breaks a text at spaces into lines of at most `width` characters; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}
