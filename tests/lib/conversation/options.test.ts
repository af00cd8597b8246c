import { describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../lib/conversation/conversation.ts';
import { graphqlTransportWs } from '../../../lib/conversation/graphql-transport-ws.ts';
import { jsonRpc } from '../../../lib/conversation/json-rpc.ts';
import { mqtt } from '../../../lib/conversation/mqtt.ts';
import { type Asked, forClient, parsed, settle } from '../../../lib/conversation/options.ts';
import { socketIo } from '../../../lib/conversation/socket-io.ts';
import { stomp } from '../../../lib/conversation/stomp.ts';

const makers = { socketIo, graphqlTransportWs, mqtt, stomp, jsonRpc } as unknown as Record<
  string,
  (options?: object) => ReturnType<typeof mqtt>
>;

describe.each(Object.keys(makers))('%s', (name) => {
  const make = makers[name]!;

  test('without kinds of requests has none', () => {
    expect(make()).not.toHaveProperty('requests');
    expect(make({ requests: {} })).not.toHaveProperty('requests');
  });

  test('hands on weight, reply, timeout and reach', () => {
    const reach = () => 3;
    const { requests } = make({ requests: { say: { weight: 2, reply: 'first', timeoutMs: 5, reach } } });
    expect(requests?.['say']).toMatchObject({ weight: 2, reply: 'first', timeoutMs: 5, reach });
    expect(Object.keys(make({ requests: { say: {} } }).requests?.['say'] ?? {})).toEqual(['frames']);
  });

  test('names a misspelt option, and what it knows', () => {
    expect(() => make({ request: {} })).toThrow(
      new RegExp(`^${name} does not know "request"\\. It knows: .*\\brequests\\.$`),
    );
    expect(() => make({ requests: { say: { wait: 2 } } })).toThrow(
      new RegExp(`^${name}: the request "say" does not know "wait"\\. It knows: .*\\bweight, reply, .*$`),
    );
  });
});

describe('the content of a request', () => {
  const session = () => {
    const stamp = vi.fn((n: number) => `stamp ${n}`);
    return { stamp, state: { namespace: '' } as Asked, index: 7, user: { room: 'r' }, url: '' };
  };
  const frames = (
    args: NonNullable<NonNullable<Parameters<typeof socketIo>[0]>['requests']>[string],
    of = session(),
  ) => [socketIo({ requests: { say: args } }).requests?.['say']?.frames(of as never, 4), of.stamp.mock.calls];

  test('is the same each time, or made with the number and the stamp', () => {
    expect(frames({ args: ['a'] })).toEqual(['424["say","a"]', []]);
    expect(frames({ args: ({ user }, n) => [user['room'], n] })).toEqual(['424["say","r",4]', []]);
    expect(frames({ args: ({ index }, n, stamp) => [index, n, stamp] })).toEqual(['424["say",7,4,"stamp 4"]', [[4]]]);
  });

  test('can be nothing this time', () => {
    const of = session();
    expect(frames({ args: () => null, refused: () => 'no' }, of)).toEqual([null, []]);
    expect(of.state.refusals).toBeUndefined();
  });

  test('what never gets a reply does not pile up', () => {
    const of = session();
    const say = socketIo({ refused: () => 'no', requests: { say: {} } }).requests?.['say'];
    for (let n = 1; n <= 3_000; n += 1) say?.frames(of as never, n);
    expect(of.state.refusals?.size).toBe(1_000);
    expect(of.state.refusals?.has(3_000)).toBe(true);
  });
});

test('a value for a client is one for all, or made of it', () => {
  const client = { index: 3, user: { name: 'ann' }, url: 'ws://h/' };
  expect(forClient('x', client)).toBe('x');
  expect(forClient(({ user, index }) => `${user['name']}${index}`, client)).toBe('ann3');
});

test('a reply settles its request once, with the word of its kind', () => {
  const calls: unknown[] = [];
  const session = {
    state: { refusals: new Map([1, 3].map((n) => [n, (reply: string) => (reply === 'bad' ? 4_711 : null)])) },
    answered: (n: number) => calls.push(['answered', n]),
    refused: (n: number, word: string) => calls.push(['refused', n, word]),
  } as unknown as Session<Asked>;
  settle(session, 1, 'bad');
  settle(session, 1, 'bad');
  settle(session, 2, 'bad');
  settle(session, 3, 'good');
  expect(calls).toEqual([
    ['refused', 1, 4711],
    ['answered', 1],
    ['answered', 2],
    ['answered', 3],
  ]);
});

test('what is no JSON is undefined', () => {
  expect([parsed('{"a":1}'), parsed('null'), parsed('{'), parsed('')]).toEqual([{ a: 1 }, null, undefined, undefined]);
});
