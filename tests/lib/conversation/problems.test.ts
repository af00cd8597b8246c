import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../lib/conversation/problems.ts';

const received = () => undefined;
const frames = () => 'x';
const asItReads = (text: string) => Object.assign(() => undefined, { toString: () => text });

describe('a conversation', () => {
  it.each<[string, unknown]>([
    ['the smallest', { received }],
    [
      'all of it',
      {
        handshake: received,
        begin: received,
        opened: received,
        received,
        goodbye: received,
        closed: received,
        requests: { a: { frames } },
      },
    ],
    ['what is undefined', { received, opened: undefined, requests: undefined }],
    [
      'all of a request',
      {
        received,
        requests: {
          'a.b-c_9': { frames, weight: 0, reply: 'none', timeoutMs: 600_000, reach: 0 },
          b: { frames, weight: 0.1, reply: 'first', timeoutMs: 1, reach: () => 3 },
          c: { frames, reply: 'answered' },
        },
      },
    ],
  ])('is right with %s', (_name, conversation) => {
    expect(problemsOf(conversation)).toEqual([]);
  });

  it('is not seen where a kind of request has the name of a callback', () => {
    expect(problemsOf({ received, requests: { received: { frames } } })).toEqual([]);
  });

  it.each<[unknown, string]>([
    [null, 'the default export is null, expected a conversation, or a function that returns one: export default {'],
    [undefined, 'the default export is undefined, expected a conversation'],
    ['echo', 'the default export is string, expected a conversation'],
    [{}, 'nothing is exported, expected export default {'],
    [
      new (class {
        received() {}
      })(),
      'the default export is an instance of a class, expected a plain object',
    ],
    [Promise.resolve({}), 'the default export, or what it returned, is a promise, expected a conversation at once'],
    [
      { chat: { received: () => undefined } },
      'chat is exported by its name, expected the default export: export default chat',
    ],
    [{ opened: () => undefined }, 'received is missing: export default {'],
    [{ received: 'x' }, 'received is string, expected a function'],
    [{ received, opened: {} }, 'opened is object, expected a function'],
    [{ received, onOpen: received }, 'onOpen is not part of a conversation: expected handshake, begin, opened'],
    [{ received, requests: [] }, 'requests names no kind of request, expected an object: { chat: { frames'],
    [{ received, requests: null }, 'requests names no kind of request'],
    [{ received, requests: {} }, 'requests names no kind of request'],
    [{ received, requests: new Map([['a', { frames }]]) }, 'requests names no kind of request'],
    [
      { received, requests: { a: { frames, timeout: 5 } } },
      'requests.a.timeout is not part of a request: expected frames, reply, weight, timeoutMs, reach',
    ],
    [{ received, requests: { a: { frames, Reach: 5 } } }, 'requests.a.Reach is not part of a request'],
    [{ received, requests: { a: { frames, weight: 0 } } }, 'requests: at least one weight has to be above 0'],
    [{ received, requests: { a: {} } }, 'requests.a.frames is undefined, expected a function (session, n) => frame'],
    [{ received, requests: { a: null } }, 'requests.a.frames is undefined'],
    [{ received, requests: { 'a b': { frames } } }, 'requests.a b: expected a name of letters, digits, _, - and .'],
    [{ received, requests: { ['a'.repeat(41)]: { frames } } }, 'at most 40 of them'],
    [{ received, requests: { a: { frames, weight: -1 } } }, 'requests.a.weight is -1, expected a number from 0 on'],
    [{ received, requests: { a: { frames, weight: Infinity } } }, 'requests.a.weight is Infinity'],
    [
      { received, requests: { a: { frames, reply: 'all' } } },
      'requests.a.reply is all, expected answered, first or none',
    ],
    [
      { received, requests: { a: { frames, timeoutMs: 0 } } },
      'requests.a.timeoutMs is 0, expected a number from 1 to 600000',
    ],
    [{ received, requests: { a: { frames, timeoutMs: '500' } } }, 'requests.a.timeoutMs is "500", expected a number'],
    [{ received, requests: { a: { frames, weight: '2' } } }, 'requests.a.weight is "2", expected a number'],
    [
      { received: async () => undefined },
      'received is async or a generator, expected a function that does all at once',
    ],
    // In k6's engine an async method says so by its text alone.
    [{ received: asItReads('async received() {}') }, 'received is async or a generator'],
    [{ received, *opened() {} }, 'opened is async or a generator'],
    [{ received, requests: { a: { frames: async () => 'x' } } }, 'requests.a.frames is async or a generator'],
    [{ received, requests: { a: { frames, timeoutMs: 600_001 } } }, 'requests.a.timeoutMs is 600001'],
    [{ received, requests: { a: { frames, reach: -1 } } }, 'requests.a.reach is -1, expected a whole number'],
    [{ received, requests: { a: { frames, reach: 1.5 } } }, 'requests.a.reach is 1.5'],
    [{ received, requests: { a: { frames, reach: '3' } } }, 'requests.a.reach is "3"'],
  ])('is wrong as %j', (conversation, problem) => {
    expect(problemsOf(conversation).join('; ')).toContain(problem);
  });

  it('is told all that is wrong at once', () => {
    const problems = problemsOf({ onOpen: received, opened: 1, requests: { a: { frames, weight: -1, reply: 'x' } } });
    expect(problems).toHaveLength(6);
  });
});
