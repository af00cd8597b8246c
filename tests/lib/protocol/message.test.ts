import { expect, it } from 'vitest';
import { FIRST_ID, ID_MARK, MIN_MESSAGE_SIZE, paddingFor } from '../../../lib/protocol/message.ts';

it.each([MIN_MESSAGE_SIZE, 64, 1_000, 65_000])('a message of %d bytes is exactly that long', (size) => {
  const text = `{"id":"${ID_MARK}${FIRST_ID + 42}-${FIRST_ID + 7}","pad":"${paddingFor(size)}"}`;
  expect(new TextEncoder().encode(text)).toHaveLength(size);
  expect(JSON.parse(text)).toEqual({ id: 'k6-10000042-10000007', pad: paddingFor(size) });
});
