import { expect, it } from 'vitest';
import type { Conversation, Request } from '../../../lib/conversation/conversation.ts';
import { type Traits, traitsOf } from '../../../lib/conversation/traits.ts';

const received = () => undefined;
const kind = (more: Partial<Request<unknown>> = {}): Request<unknown> => ({ frames: () => 'x', ...more });

const LISTENS: Traits = {
  kinds: [],
  awaits: false,
  hasLogin: false,
  hasReach: false,
  hasGoodbye: false,
  longestTimeoutMs: 0,
  isLean: false,
};

it.each<[string, Partial<Conversation<unknown>>, Partial<Traits>]>([
  ['only listens', {}, {}],
  ['has an empty list of requests', { requests: {} }, {}],
  ['has a login', { opened: () => undefined }, { hasLogin: true }],
  ['says goodbye', { goodbye: () => undefined }, { hasGoodbye: true }],
  ['asks', { requests: { a: kind() } }, { kinds: [{ name: 'a', awaits: true }], awaits: true }],
  ['sends', { requests: { a: kind({ reply: 'none' }) } }, { kinds: [{ name: 'a', awaits: false }] }],
  [
    'does both',
    { requests: { b: kind({ reply: 'none', timeoutMs: 7 }), a: kind({ reply: 'first', timeoutMs: 9, reach: 0 }) } },
    {
      kinds: [
        { name: 'b', awaits: false },
        { name: 'a', awaits: true },
      ],
      awaits: true,
      hasReach: true,
      longestTimeoutMs: 9,
    },
  ],
])('a conversation that %s', (_name, conversation, traits) => {
  expect(traitsOf({ received, ...conversation })).toEqual({ ...LISTENS, ...traits });
});
