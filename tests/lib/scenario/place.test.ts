import { expect, it } from 'vitest';
import { placeOf } from '../../../lib/scenario/place.ts';

const thrown = (stack: string, message = 'no room') => Object.assign(new Error(message), { stack });

it.each([
  ['Error: no room\n\tat file:///home/me/chat.ts:12:5(34)\n', 'Error: no room at chat.ts:12:5'],
  ['Error: no room\n\tat f (C:\\tests\\chat.mjs:3:1)\n\tat g (other.js:1:1)', 'Error: no room at chat.mjs:3:1'],
  [
    'Error: no room\n\tat refuse (file:///dist/concurrent.js:9:1(2))\n\tat file:///home/me/chat.ts:2:3(4)\n',
    'Error: no room at chat.ts:2:3',
  ],
  ['Error: no room\n\tat mqtt (file:///lib/conversation/mqtt.ts:9:1(2))\n', 'Error: no room'],
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
