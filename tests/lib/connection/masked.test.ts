import { expect, test } from 'vitest';
import type { Connection, Moment, Vu } from '../../../lib/connection/connection.ts';
import { notesOf } from '../../../lib/connection/notes.ts';

/** The text as it is shown of a connection with these secrets. */
function masked(text: string, ...secrets: string[]): string {
  const vu = { run: {}, ledger: {}, directory: { secrets: () => secrets } } as unknown as Vu;
  return notesOf(vu, {} as Moment).masked({ index: 0 } as Connection, text);
}

test('values of the row and of headers are stars, wherever they stand', () => {
  expect(masked('token=hunter2x, xhunter2y', 'hunter2')).toBe('token=***x, x***y');
});

test.each([
  ['{"user":"ann"}', '{"user":"***"}'],
  ['ann said: ann', '*** said: ***'],
  ['Cannot read of ann', 'Cannot read of ***'],
  ['annann ann1 1ann', 'annann ann1 1ann'],
  ['nothing of it', 'nothing of it'],
])('of less than four characters only where they are a word: %s', (text, shown) => {
  expect(masked(text, 'ann')).toBe(shown);
});

test.each([
  ['bad token correct-horse-batt…', 'bad token ***…'],
  ['correct-horse-battery-staple and correct-hoarse', '*** and ***arse'],
  ['correct-h is not enough', 'correct-h is not enough'],
])('of a long one the beginning is hidden as well: %s', (text, shown) => {
  expect(masked(text, 'correct-horse-battery-staple')).toBe(shown);
  expect(masked('0123456789', '0123456789')).toBe('***');
});
