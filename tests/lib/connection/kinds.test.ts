import { expect, it } from 'vitest';
import { kindsOf } from '../../../lib/connection/kinds.ts';
import type { Conversation, Request } from '../../../lib/conversation/conversation.ts';
import { traitsOf } from '../../../lib/conversation/traits.ts';

function kinds(requests: Record<string, Partial<Request<unknown>>> | undefined) {
  const conversation = { received: () => undefined, requests } as Conversation<unknown>;
  return kindsOf(conversation, traitsOf(conversation), 300);
}

it('have their weights added up, their own times, and their names as tags', () => {
  const a = { frames: () => 'a', reach: 0 };
  const b = { frames: () => 'b', weight: 2.5, timeoutMs: 7 };
  expect(kinds({ a, b })).toEqual([
    { name: 'a', request: a, weightUpTo: 1, awaits: true, hasReach: true, timeoutMs: 300, tags: { request: 'a' } },
    { name: 'b', request: b, weightUpTo: 3.5, awaits: true, hasReach: false, timeoutMs: 7, tags: { request: 'b' } },
  ]);
});

it('say which want a reply, where others want none', () => {
  const tagsOf = (requests: Parameters<typeof kinds>[0]) => kinds(requests).map(({ tags }) => tags);
  expect(tagsOf({ a: {}, b: { reply: 'none' } })).toEqual([
    { request: 'a', awaits: 'true' },
    { request: 'b', awaits: 'false' },
  ]);
  expect(tagsOf({ a: { reply: 'none' }, b: { reply: 'none' } })).toEqual([{ request: 'a' }, { request: 'b' }]);
});

it('need no tag where there is one', () => {
  expect(kinds({ a: { reply: 'first' } })).toMatchObject([{ name: 'a', awaits: true, tags: undefined }]);
});

it('may be none', () => {
  expect([kinds(undefined), kinds({})]).toEqual([[], []]);
});
