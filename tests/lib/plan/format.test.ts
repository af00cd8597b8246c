import { expect, it } from 'vitest';
import { inShort, legible } from '../../../lib/plan/format.ts';

it('is a text with what a terminal would obey written out, and letters of all scripts as they are', () => {
  expect(legible('a\u001b[2Jb\r\n\u007f\u009bc')).toBe('a\\x1b[2Jb\\x0d\\x0a\\x7f\\x9bc');
  expect(legible('\u202eab\u2066\u200e')).toBe('\\u202eab\\u2066\\u200e');
  expect(legible('grün 房间 🙂\u00a0')).toBe('grün 房间 🙂\u00a0');
});

it('is the first three of many, and how many others there are', () => {
  const urls = Array.from({ length: 1_200 }, (_, i) => `ws://h${i + 1}/`);
  expect(inShort(urls.slice(0, 1))).toBe('ws://h1/');
  expect(inShort(urls.slice(0, 3))).toBe('ws://h1/, ws://h2/, ws://h3/');
  expect(inShort(urls.slice(0, 4))).toBe('ws://h1/, ws://h2/, ws://h3/ and 1 more');
  expect(inShort(urls)).toBe('ws://h1/, ws://h2/, ws://h3/ and 1,197 more');
});
