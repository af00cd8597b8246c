import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphqlTransportWs } from '../../../lib/conversation/graphql-transport-ws.ts';
import { startChild } from '../../servers/real/child.mjs';
import { connect } from './connect.ts';
import { bytes, withFakeServer } from './fake-wire.ts';
import { gained } from './gained.ts';

describe('against a real graphql-ws', () => {
  let server: Awaited<ReturnType<typeof startChild>>;
  beforeAll(async () => {
    // Who answers has two seconds for it: this process can be kept from its turn by the other tests.
    server = await startChild('graphql-ws', { pingMs: 100, pongMs: 2_000 });
  });
  afterAll(() => server.stop());

  test('by name alone it logs in, answers pings and sends nothing', async () => {
    const player = await connect(graphqlTransportWs(), server.url);
    await player.until(({ counts }) => counts.ready && counts.expected >= 3);
    expect(player.counts).toMatchObject({ sent: 0, unexpected: 0 });
    player.goodbye();
    expect(player.end).toBe('closed: ');
  });

  test('a heartbeat that is switched off is a drop in the words of the server', async () => {
    const player = await connect(graphqlTransportWs({ heartbeat: false }), server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe('dropped: 4499 no pong');
  });

  test('login, subscription, queries, mutations, refusals and deliveries', async () => {
    const conversation = graphqlTransportWs({
      payload: ({ user }) => ({ token: user['token'] }),
      subscriptions: { posts: 'subscription { posts }' },
      refused: ({ data }) => (data.hello === 'world nobody' ? 'nobody' : undefined),
      requests: {
        hello: {
          query: 'query ($name: String) { hello(name: $name) }',
          variables: (_session, n) => ({ name: String(n) }),
        },
        nobody: { query: '{ hello(name: "nobody") }' },
        nope: { query: '{ nope }' },
        boom: { query: '{ boom }' },
        greetings: { query: 'subscription { greetings }' },
        first: { query: 'subscription { greetings }', reply: 'first' },
        post: {
          query: 'mutation ($text: String!) { post(text: $text) }',
          variables: (_session, _n, stamp) => ({ text: stamp }),
          reach: 2,
        },
      },
    });
    const before = await server.counts();
    const [a, b] = await Promise.all(
      [0, 1].map((index) => connect(conversation, server.url, { index, user: { token: 'good' } })),
    );
    for (const player of [a!, b!]) await player.until(({ counts }) => counts.ready);
    const kinds = ['hello', 'nobody', 'nope', 'boom', 'greetings', 'first', 'post'];
    for (const kind of kinds) a!.ask(kind);
    await a!.until(({ counts }) => counts.answered === 4 && counts.delivered === 1);
    await b!.until(({ counts }) => counts.delivered === 1);
    // What follows a refusal or a first reply is not unexpected. This one's answer comes after all of it.
    a!.ask('hello');
    await a!.until(({ counts }) => counts.answered === 5);
    expect(a!.counts).toMatchObject({
      sent: 8,
      refused: { nobody: 1, 'Cannot query field "nope" on type "Query".': 1, boom: 1 },
      pushed: {},
      unexpected: 0,
    });
    // hello twice, nobody, post
    await expect
      .poll(() => gained(server, before))
      .toMatchObject({ logins: 2, requests: 4, refused: 2, deliveries: 2 });
    for (const player of [a!, b!]) player.goodbye();
  });

  test('a wrong token is not ready, in the words of the server', async () => {
    const player = await connect(graphqlTransportWs({ payload: { token: 'wrong' } }), server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe('not ready: 4403 Forbidden');
  });

  test('a subscription that is refused ends the connection, in the words of the server', async () => {
    const conversation = graphqlTransportWs({ subscriptions: { nope: 'subscription { nope }' } });
    const player = await connect(conversation, server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toMatch(/^(not ready|dropped): Cannot query field "nope" on type "Subscription"\.$/);
  });
});

describe('messages', () => {
  const ready = () => {
    const fake = withFakeServer(
      graphqlTransportWs({ subscriptions: { news: '{news}' }, requests: { hello: { query: '{hello}' } } }),
    );
    fake.player.receive('{"type":"connection_ack"}');
    fake.player.receive('{"type":"pong"}');
    fake.sent();
    return fake;
  };

  test('are those of the protocol', () => {
    const { player, sent } = withFakeServer(
      graphqlTransportWs({
        payload: { token: 't' },
        subscriptions: { news: { query: '{news}', variables: { a: 1 } } },
        requests: { hello: { query: 'query A {a}', operationName: 'A' }, idle: { query: '', variables: () => null } },
      }),
    );
    expect(sent()).toEqual(['{"type":"connection_init","payload":{"token":"t"}}']);
    player.receive('{"type":"pong"}');
    expect(player.counts.ready).toBe(false);
    player.receive('{"type":"connection_ack"}');
    expect(sent()).toEqual([
      '{"id":"subscription news","type":"subscribe","payload":{"query":"{news}","variables":{"a":1}}}',
      '{"type":"ping"}',
    ]);
    expect(player.counts.ready).toBe(false);
    player.receive('{"type":"pong"}');
    expect(player.counts.ready).toBe(true);
    expect(player.ask('idle')).toBeNull();
    player.ask('hello');
    expect(sent()).toEqual(['{"id":"1","type":"subscribe","payload":{"query":"query A {a}","operationName":"A"}}']);
    player.goodbye();
    expect(sent()).toEqual(['{"id":"subscription news","type":"complete"}']);
  });

  test('a subscription pushes by its name, and says when it has ended', () => {
    const { player, counts } = ready();
    player.receive('{"id":"subscription news","type":"next","payload":{"data":1}}');
    player.receive('{"id":"subscription news","type":"complete"}');
    expect(counts).toMatchObject({ pushed: { news: 1, 'news complete': 1 }, unexpected: 0 });
    player.receive('{"id":"subscription news","type":"next","payload":{"data":1}}');
    expect(counts.unexpected).toBe(1);
  });

  test.each(['{"errors":[{"message":"not allowed"}]}', '{"errors":[{"message":"not allowed"}],"data":null}'])(
    'a subscription whose resolver refuses it ends the connection, before ready and after it: %s',
    (payload) => {
      const early = withFakeServer(graphqlTransportWs({ subscriptions: { news: '{news}' } }));
      early.player.receive('{"type":"connection_ack"}');
      early.player.receive(`{"id":"subscription news","type":"next","payload":${payload}}`);
      expect(early.player.end).toBe('not ready: not allowed');
      const late = ready();
      late.player.receive(`{"id":"subscription news","type":"next","payload":${payload}}`);
      expect(late.player.end).toBe('dropped: not allowed');
      expect(late.counts.pushed).toEqual({});
    },
  );

  test('events with errors of a subscription that has data are pushes of their own kind', () => {
    const { player, counts } = ready();
    const next = (payload: object) =>
      player.receive(JSON.stringify({ id: 'subscription news', type: 'next', payload }));
    next({ data: { news: null }, errors: [{ message: 'no' }] });
    next({ data: null, errors: [{ message: 'no' }] });
    next({ data: { news: player.session.stamp(1) }, errors: [{ message: 'no' }] });
    next({ data: { news: 1 }, errors: [] });
    expect(counts).toMatchObject({ pushed: { 'news errors': 3, news: 1 }, delivered: 0, unexpected: 0 });
    expect(player.end).toBeUndefined();
  });

  test('an operation that is over with its first next is ended, once', () => {
    const { player, counts, sent } = withFakeServer(
      graphqlTransportWs({
        refused: ({ data }) => (data === 'no' ? 'no' : null),
        requests: { first: { query: '{a}', reply: 'first' }, all: { query: '{a}' } },
      }),
    );
    player.receive('{"type":"connection_ack"}');
    for (const kind of ['first', 'first', 'all', 'all']) player.ask(kind);
    sent();
    player.receive('{"id":"1","type":"next","payload":{"data":1}}');
    player.receive('{"id":"2","type":"next","payload":{"data":"no"}}');
    player.receive('{"id":"3","type":"next","payload":{"data":1}}');
    expect(sent()).toEqual(['{"id":"1","type":"complete"}', '{"id":"2","type":"complete"}']);
    expect(counts).toMatchObject({ answered: 1, refused: { no: 1 } });
    // What was under way when it was ended.
    for (const id of [1, 2]) player.receive(`{"id":"${id}","type":"next","payload":{"data":"no"}}`);
    player.receive('{"id":"1","type":"complete"}');
    player.receive('{"id":"2","type":"error","payload":[{"message":"oops"}]}');
    expect(sent()).toEqual([]);
    expect(counts).toMatchObject({ answered: 1, refused: { no: 1 }, unexpected: 0 });
    // What ends by itself is left alone.
    player.receive('{"id":"3","type":"complete"}');
    player.receive('{"id":"4","type":"complete"}');
    expect(sent()).toEqual([]);
    expect(counts.answered).toBe(3);
  });

  test('what is ended does not pile up', () => {
    const { player, counts, sent } = withFakeServer(
      graphqlTransportWs({ requests: { first: { query: '{a}', reply: 'first' } } }),
    );
    player.receive('{"type":"connection_ack"}');
    for (let n = 1; n <= 1_100; n += 1) {
      player.ask('first');
      player.receive(`{"id":"${n}","type":"next","payload":{"data":1}}`);
    }
    expect(sent()).toHaveLength(2_201);
    expect(counts).toMatchObject({ answered: 1_100, unexpected: 0 });
    expect(player.session.state.ending?.size).toBe(100);
  });

  test('a second acknowledgement subscribes nothing again', () => {
    const { player, counts, sent } = ready();
    player.receive('{"type":"connection_ack"}');
    expect(sent()).toEqual([]);
    expect(counts.unexpected).toBe(1);
    const plain = withFakeServer(graphqlTransportWs());
    plain.player.receive('{"type":"connection_ack"}');
    plain.player.receive('{"type":"connection_ack"}');
    expect(plain.counts.unexpected).toBe(1);
  });

  test('a subscription that is complete before the pong leaves the connection ready', () => {
    const { player } = withFakeServer(graphqlTransportWs({ subscriptions: { news: '{news}' } }));
    player.receive('{"type":"connection_ack"}');
    player.receive('{"id":"subscription news","type":"complete"}');
    expect(player.counts.ready).toBe(false);
    player.receive('{"type":"pong"}');
    expect(player.counts.ready).toBe(true);
  });

  test('close codes without a reason have words', () => {
    const { closed } = graphqlTransportWs();
    expect([closed?.(4401, ''), closed?.(4401, 'Unauthorized'), closed?.(1006, '')]).toEqual([
      'unauthorized',
      undefined,
      undefined,
    ]);
  });

  test.each([
    ['invalid JSON', '{"type":'],
    ['an unknown type', '{"type":"data","id":"1"}'],
    ['no type', '{"id":"1"}'],
    ['no object', 'null'],
    ['an id that was not asked', '{"type":"complete","id":"7"}'],
    ['an id of no text', '{"type":"complete","id":1}'],
    ['no id', '{"type":"next"}'],
    ['an unknown subscription', '{"type":"next","id":"subscription olds"}'],
    ['a binary frame', bytes('7b7d')],
  ])('%s is unexpected', (_what, frame) => {
    const { player, counts } = ready();
    player.ask('hello');
    player.receive(frame);
    expect(counts).toMatchObject({ answered: 0, refused: {}, unexpected: 1, pushed: {} });
    expect(player.end).toBeUndefined();
    player.receive('{"id":"1","type":"next","payload":{"data":1}}');
    player.receive('{"id":"1","type":"complete"}');
    expect(counts).toMatchObject({ answered: 1, partly: 1 });
  });
});
