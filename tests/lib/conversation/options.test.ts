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
  const needed = name === 'graphqlTransportWs' ? { query: '{ hello }' } : {};

  test('without kinds of requests has none', () => {
    expect(make()).not.toHaveProperty('requests');
    expect(make({ requests: {} })).not.toHaveProperty('requests');
  });

  test('hands on weight, reply, timeout and reach', () => {
    const reach = () => 3;
    const { requests } = make({ requests: { say: { ...needed, weight: 2, reply: 'first', timeoutMs: 5, reach } } });
    expect(requests?.['say']).toMatchObject({ weight: 2, reply: 'first', timeoutMs: 5, reach });
    expect(Object.keys(make({ requests: { say: needed } }).requests?.['say'] ?? {})).toEqual(['frames']);
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

describe.each(Object.keys(makers))('what is no options of %s is an error', (name) => {
  const say = (kind: unknown) => ({ requests: { say: kind } });
  test.each<[unknown, string]>([
    [null, 'its argument is null; an object is needed'],
    ['x', 'its argument is a text; an object is needed'],
    [[], 'its argument is a list; an object is needed'],
    [{ requests: null }, 'requests is null; an object is needed, such as { say: {} }'],
    [{ requests: [] }, 'requests is a list; an object is needed'],
    [{ refused: 'no' }, 'refused is a text; a function is needed, such as (reply) => reply.error'],
    [say(null), 'the request "say" is null; an object is needed'],
    [say('x'), 'the request "say" is a text; an object is needed'],
    [say(() => 'x'), 'the request "say" is a function; an object is needed'],
    [say({ refused: 5 }), 'refused of the request "say" is a number; a function is needed'],
  ])('%j', (options, message) => {
    expect(() => makers[name]!(options as object)).toThrow(`${name}: ${message}`);
  });
});

describe('what an option cannot be is an error when the conversation is made', () => {
  const say = (kind: unknown) => ({ requests: { say: kind } });
  test.each<[string, unknown, string]>([
    ['socketIo', { rooms: 'lobby' }, "rooms is a text; a list or a function is needed, such as ['lobby']."],
    ['socketIo', { auth: 'secret' }, 'auth is a text; an object or a function is needed, such as ({ user }) => '],
    [
      'socketIo',
      { namespace: 'admin' },
      'namespace is "admin"; a text that begins with / is needed, such as \'/admin\'.',
    ],
    ['socketIo', { joinAck: 'false' }, 'joinAck is a text; true or false is needed, such as false.'],
    ['socketIo', { join: true }, "join is true; a text is needed, such as 'join'."],
    [
      'socketIo',
      say({ args: 'hello' }),
      'args of the request "say" is a text; a list or a function is needed, such as',
    ],
    ['socketIo', say({ args: { a: 1 } }), 'args of the request "say" is an object; a list or a function is needed'],
    ['graphqlTransportWs', { payload: 'x' }, 'payload is a text; an object or a function is needed'],
    ['graphqlTransportWs', { subscriptions: '{ a }' }, 'subscriptions is a text; an object or a function is needed'],
    ['graphqlTransportWs', { subscriptions: ['{ a }'] }, 'subscriptions is a list; an object or a function is needed'],
    ['graphqlTransportWs', { subscriptions: { a: null } }, 'the subscription "a" has no query; a text or an object is'],
    ['graphqlTransportWs', { subscriptions: { a: {} } }, 'the subscription "a" has no query; a text or an object is'],
    ['graphqlTransportWs', say({}), 'the request "say" has no query; one is needed, such as query: '],
    [
      'graphqlTransportWs',
      say({ query: 'a', reply: 'none' }),
      'reply of the request "say" is "none", but each operation',
    ],
    ['mqtt', { topics: 'a/b' }, "topics is a text; a list or a function is needed, such as ['room/1']."],
    ['mqtt', { username: 'a', password: 5 }, 'password is a number; a text or a function is needed'],
    ['mqtt', { password: 'x' }, 'password is given without username, which MQTT 3.1.1 does not have; both are needed'],
    [
      'mqtt',
      { keepAliveSeconds: '60' },
      'keepAliveSeconds is "60"; a whole number from 0 to 65535 is needed, such as 60.',
    ],
    ['mqtt', say({ qos: '1' }), 'qos of the request "say" is "1"; 0 or 1 is needed, such as qos: 1.'],
    ['mqtt', say({ qos: () => 1 }), 'qos of the request "say" is a function; 0 or 1 is needed, such as qos: 1.'],
    ['mqtt', say({ qos: 2 }), 'qos of the request "say" is 2; 0 or 1 is needed, such as qos: 1.'],
    ['mqtt', say({ retain: 'yes' }), 'retain of the request "say" is a text; true or false is needed, such as true.'],
    [
      'stomp',
      { destinations: '/a' },
      "destinations is a text; a list or a function is needed, such as ['/topic/news'].",
    ],
    ['stomp', { headers: 'x' }, 'headers is a text; an object or a function is needed'],
    ['stomp', { receipts: 'false' }, 'receipts is a text; true or false is needed, such as false.'],
    ['stomp', { heartbeatMs: -5 }, 'heartbeatMs is -5; a whole number from 0 is needed, such as 10000.'],
    ['stomp', { heartbeatMs: 'abc' }, 'heartbeatMs is "abc"; a whole number from 0 is needed, such as 10000.'],
    ['stomp', say({ payload: new ArrayBuffer(1) }), 'payload of the request "say" is bytes; a text or a number or'],
    ['jsonRpc', { login: 'x' }, 'login is a text; an object or a function is needed, such as'],
    ['jsonRpc', { login: {} }, 'login has no method; a text is needed, such as { method: '],
    [
      'jsonRpc',
      { login: { method: 'a', params: 'x' } },
      'params of login, method "a", is string; an object or a list is needed',
    ],
    ['jsonRpc', { subscriptions: { method: 'x' } }, 'subscriptions is an object; a list or a function is needed'],
    ['jsonRpc', { subscriptions: ['x'] }, 'a call of subscriptions has no method; a text is needed'],
    ['jsonRpc', say({ batch: [{}] }), 'a call of the request "say" has no method; a text is needed'],
    ['jsonRpc', say({ batch: 'x' }), 'batch of the request "say" is a text; a list or a function is needed'],
    [
      'jsonRpc',
      say({ params: 5 }),
      'params of the request "say" is a number; an object or a list or a function is needed',
    ],
  ])('%s(%j)', (name, options, message) => {
    expect(() => makers[name]!(options as object)).toThrow(`${name}: ${message}`);
  });

  test('undefined is as left out', () => {
    expect(() => socketIo({ auth: undefined, requests: { say: { args: undefined } } } as object)).not.toThrow();
    expect(() => jsonRpc({ requests: undefined } as object)).not.toThrow();
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
