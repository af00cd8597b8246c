import { expect, it } from 'vitest';
import { columns, paint, wrap } from '../../../lib/report/terminal.ts';

const ESCAPE = '\u001b';

it('paint() colours only where colours are understood', () => {
  expect(paint('text', 'good', false)).toBe('text');
  expect(paint('text', 'good', true)).toBe(`${ESCAPE}[32mtext${ESCAPE}[0m`);
  expect(paint('text', 'bad', true)).toBe(`${ESCAPE}[31mtext${ESCAPE}[0m`);
});

it('columns() pads each column to its widest cell, without counting colours', () => {
  const rows = [
    ['a', 'long', 'x'],
    [paint('bcd', 'good', true), 'e', ''],
  ];
  expect(columns(rows)).toEqual(['a    long  x', `${paint('bcd', 'good', true)}  e`]);
});

it('wrap() breaks at spaces, and leaves a longer word whole', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('one incomprehensible two', 7)).toEqual(['one', 'incomprehensible', 'two']);
  expect(wrap('', 7)).toEqual([]);
});
