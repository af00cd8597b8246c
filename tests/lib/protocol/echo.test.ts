import { expect, it } from 'vitest';
import { echo } from '../../../lib/protocol/echo.ts';
import { STRAY } from '../../../lib/protocol/protocol.ts';

it.each([
  ['the message itself', '{"id":"k6-10000042-10000007","pad":"xx"}', 7],
  ['an answer that quotes the id', 'ok k6-10000042-10000007!', 7],
  ['the first message', 'k6-10000042-10000000', 0],
  ['a long way on', 'k6-10000042-12345678', 2_345_678],
  ['the second of two ids', 'k6-10000041-10000001 k6-10000042-10000002', 2],
  ["another connection's", 'k6-10000041-10000007', STRAY],
  ['a longer connection number', 'k6-100000421-10000007', STRAY],
  ['no id', 'hello', STRAY],
  ['an empty frame', '', STRAY],
  ['an id cut off', 'k6-10000042-', STRAY],
  ['an id below the first', 'k6-10000042-9999999', STRAY],
  ['no number', 'k6-10000042-x', STRAY],
])('%s answers message %s', (_, frame, sequence) => {
  expect(echo.replyTo(frame, 42, -1)).toBe(sequence);
});
