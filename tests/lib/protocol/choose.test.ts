import { expect, it } from 'vitest';
import { protocolOf } from '../../../lib/protocol/choose.ts';
import { NO_REPLY } from '../../../lib/protocol/protocol.ts';
import { PROTOCOLS } from '../../../lib/settings/settings.ts';

it.each([
  { name: 'echo', sends: true, awaitsReply: true },
  { name: 'any-reply', sends: true, awaitsReply: true },
  { name: 'send-only', sends: true, awaitsReply: false },
  { name: 'listen', sends: false, awaitsReply: false },
] as const)('$name sends: $sends, awaits replies: $awaitsReply', ({ name, ...expected }) => {
  expect(protocolOf(name)).toMatchObject(expected);
});

it('there is a protocol for each name of the setting, and they differ', () => {
  expect(new Set(PROTOCOLS.map(protocolOf)).size).toBe(PROTOCOLS.length);
});

it('any-reply takes a frame for the oldest message, if one waits; send-only and listen take none', () => {
  expect(protocolOf('any-reply').replyTo('anything', 1, 5)).toBe(5);
  expect(protocolOf('any-reply').replyTo('anything', 1, NO_REPLY)).toBe(NO_REPLY);
  for (const name of ['send-only', 'listen'] as const) expect(protocolOf(name).replyTo('k6-', 1, 5)).toBe(NO_REPLY);
});
