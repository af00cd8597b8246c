import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { placeOf } from '../../../lib/scenario/place.ts';

/** As stacks have it here. */
const SOURCES = fileURLToPath(new URL('../../../lib/', import.meta.url));

const thrown = (stack: string, message = 'no room') => Object.assign(new Error(message), { stack });

it.each([
  ['Error: no room\n\tat file:///home/me/chat.ts:12:5(34)\n', 'Error: no room at chat.ts:12:5'],
  ['Error: no room\n\tat f (C:\\tests\\chat.mjs:3:1)\n\tat g (other.js:1:1)', 'Error: no room at chat.mjs:3:1'],
  [
    `Error: no room\n\tat refuse (${SOURCES}scenario/refuse-timers.ts:9:1(2))\n\tat file:///home/me/chat.ts:2:3(4)\n`,
    'Error: no room at chat.ts:2:3',
  ],
  [`Error: no room\n\tat mqtt (${SOURCES}conversation/mqtt.ts:9:1(2))\n`, 'Error: no room'],
  ['TypeError: b\n\tat file:///home/me/reconnect.js:2:3(4)\n', 'Error: no room at reconnect.js:2:3'],
  ['Error: no room\n\tat native', 'Error: no room'],
  ['', 'Error: no room'],
])('of the stack %j is %j', (stack, text) => {
  expect(placeOf(thrown(stack))).toBe(text);
});

it('is not told twice', () => {
  const message = 'file:///chat.ts: Line 3:7 Unexpected token chat.ts:3:7';
  expect(placeOf(thrown('SyntaxError\n\tat chat.ts:3:7', message))).toBe(`Error: ${message}`);
});

it('is one line of 300 characters at most, of anything that is thrown', () => {
  expect(placeOf(thrown('', 'first\nsecond'))).toBe('Error: first');
  expect(placeOf(thrown('', 'x'.repeat(1_000)))).toHaveLength(300);
  expect([undefined, null, 'text', 7].map(placeOf)).toEqual(['undefined', 'null', 'text', '7']);
});
