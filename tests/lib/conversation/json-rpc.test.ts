import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { jsonRpc } from '../../../lib/conversation/json-rpc.ts';
import { startChild } from '../../servers/real/child.mjs';
import { connect } from './connect.ts';
import { bytes, withFakeServer } from './fake-wire.ts';
import { gained } from './gained.ts';

describe('against a real rpc-websockets', () => {
  let server: Awaited<ReturnType<typeof startChild>>;
  beforeAll(async () => {
    server = await startChild('rpc-websockets');
  });
  afterAll(() => server.stop());

  test('by name alone it is ready at once and sends nothing', async () => {
    const player = await connect(jsonRpc(), server.url);
    expect(player.counts).toMatchObject({ ready: true, sent: 0 });
    player.goodbye();
    expect(player.end).toBe('closed: ');
  });

  test('login, subscription, calls, a batch, notifications, refusals and deliveries', async () => {
    const conversation = jsonRpc({
      login: ({ user }) => ({ method: 'rpc.login', params: { token: user['token'] } }),
      subscriptions: [{ method: 'rpc.on', params: ['said'] }],
      refused: (result) => (result === 5 ? 'five' : undefined),
      requests: {
        sum: { params: (_session, n) => [n, 0] },
        five: { method: 'sum', params: [2, 3] },
        fail: { params: [] },
        nope: { method: 'nope' },
        note: { reply: 'none' },
        sums: {
          batch: [
            { method: 'sum', params: [1, 1] },
            { method: 'sum', params: [2, 2] },
          ],
        },
        say: { reach: 2, params: (_session, _n, stamp) => [stamp] },
      },
    });
    const before = await server.counts();
    const [a, b] = await Promise.all(
      [0, 1].map((index) => connect(conversation, server.url, { index, user: { token: 'good' } })),
    );
    for (const player of [a!, b!]) await player.until(({ counts }) => counts.ready);
    for (const kind of ['note', 'sum', 'five', 'fail', 'nope', 'sums', 'say']) a!.ask(kind);
    await a!.until(({ counts }) => counts.answered === 3 && counts.delivered === 1);
    await b!.until(({ counts }) => counts.delivered === 1);
    expect(a!.counts).toMatchObject({
      sent: 7,
      sentOnly: 1,
      refused: { five: 1, quota: 1, 'Method not found': 1 },
      pushed: {},
      unexpected: 0,
    });
    // note, sum, five, two of the batch, say
    await expect
      .poll(() => gained(server, before))
      .toMatchObject({ logins: 2, requests: 6, refused: 1, deliveries: 2 });
    for (const player of [a!, b!]) player.goodbye();
  });

  test('a login that the server answers with false, or does not know, is not ready', async () => {
    const wrong = jsonRpc({ login: { method: 'rpc.login', params: { token: 'wrong' } } });
    const unknown = jsonRpc({ login: { method: 'enter' } });
    const ends = await Promise.all(
      [wrong, unknown].map(async (conversation) => {
        const player = await connect(conversation, server.url);
        await player.until(({ end }) => end !== undefined);
        return player.end;
      }),
    );
    expect(ends).toEqual(['not ready: login answered with false', 'not ready: Method not found']);
  });
});

describe('messages', () => {
  const ready = () => {
    const fake = withFakeServer(
      jsonRpc({
        requests: {
          sum: { params: [1, 2] },
          note: { reply: 'none', params: { a: 1 } },
          both: { batch: [{ method: 'a' }, { method: 'b' }] },
          nothing: { batch: [] },
          notes: { reply: 'none', batch: [{ method: 'a' }, { method: 'b', params: [1] }] },
        },
      }),
    );
    return { ...fake, say: (message: unknown) => fake.player.receive(JSON.stringify(message)) };
  };

  test('are those of the protocol, with ids from 1 on that each call has alone', () => {
    const { player, sent } = ready();
    player.ask('note');
    player.ask('sum');
    player.ask('both');
    expect(player.ask('nothing')).toBeNull();
    player.ask('notes');
    player.ask('sum');
    expect(sent().map((text) => JSON.parse(text as string))).toEqual([
      { jsonrpc: '2.0', method: 'note', params: { a: 1 } },
      { jsonrpc: '2.0', id: 1, method: 'sum', params: [1, 2] },
      [
        { jsonrpc: '2.0', id: 2, method: 'a' },
        { jsonrpc: '2.0', id: 3, method: 'b' },
      ],
      [
        { jsonrpc: '2.0', method: 'a' },
        { jsonrpc: '2.0', method: 'b', params: [1] },
      ],
      { jsonrpc: '2.0', id: 4, method: 'sum', params: [1, 2] },
    ]);
  });

  test('what a function gives is checked as well', () => {
    const end = (options: object, kind?: string) => {
      const { player } = withFakeServer(jsonRpc(options));
      if (kind !== undefined) player.ask(kind);
      return player.end;
    };
    const noMethod = /^script_error: jsonRpc: a call has no method; a text is needed, such as /;
    expect(end({ login: () => ({}) })).toMatch(noMethod);
    expect(end({ subscriptions: () => 'x' })).toMatch(noMethod);
    expect(end({ requests: { a: { batch: () => [null] } } }, 'a')).toMatch(noMethod);
    expect(end({ requests: { a: { params: () => 5 } } }, 'a')).toBe(
      'script_error: jsonRpc: params of a call, method "a", is number; an object or a list is needed, such as [1, 2].',
    );
  });

  test('of a batch may come one by one and in any order', () => {
    const { player, counts, say } = ready();
    player.ask('both');
    say({ jsonrpc: '2.0', id: 2, result: null });
    expect(counts).toMatchObject({ answered: 0, partly: 1 });
    say([{ jsonrpc: '2.0', id: 1, result: 0 }]);
    expect(counts).toMatchObject({ answered: 1, unexpected: 0 });
  });

  test('a batch is refused once, with the first refusal', () => {
    const { player, counts, say } = ready();
    player.ask('both');
    const refused = vi.spyOn(player.session, 'refused');
    say([
      { jsonrpc: '2.0', id: 1, error: { code: -32000, message: 'no' } },
      { jsonrpc: '2.0', id: 2, error: { code: -32000, message: 'nor this' } },
    ]);
    expect(counts).toMatchObject({ answered: 0, refused: { no: 1 }, unexpected: 0 });
    expect(refused).toHaveBeenCalledTimes(1);
  });

  test('an error without a message is told by its code', () => {
    const { player, counts, say } = ready();
    player.ask('sum');
    say({ jsonrpc: '2.0', id: 1, error: { code: -32000 } });
    expect(counts.refused).toEqual({ '-32000': 1 });
  });

  test("a call of the server's, whose id is one of ours, is a push and answers nothing", () => {
    const { player, counts, sent, say } = ready();
    player.ask('sum');
    sent();
    say({ jsonrpc: '2.0', id: 1, method: 'alive?' });
    expect(counts).toMatchObject({ answered: 0, pushed: { 'alive?': 1 }, unexpected: 0 });
    expect(sent()).toEqual(['{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}']);
    say({ jsonrpc: '2.0', id: 1, result: 3 });
    expect(counts.answered).toBe(1);
  });

  test('notifications are pushes, alone or several in one', () => {
    const { player, counts, say } = ready();
    say({ jsonrpc: '2.0', method: 'news', params: [] });
    say([{ notification: 'news' }, { jsonrpc: '2.0', method: 'said', params: [player.session.stamp(1)] }]);
    expect(counts).toMatchObject({ pushed: { news: 2 }, delivered: 1, unexpected: 0 });
  });

  test('a subscription waits for the login, and readiness for each subscription', () => {
    const { player, counts, sent } = withFakeServer(
      jsonRpc({ login: { method: 'enter' }, subscriptions: [{ method: 'a' }, { method: 'b' }] }),
    );
    expect(sent()).toEqual(['{"jsonrpc":"2.0","id":1,"method":"enter"}']);
    player.receive('{"jsonrpc":"2.0","id":1,"result":true}');
    expect(sent()).toHaveLength(2);
    player.receive('{"jsonrpc":"2.0","id":3,"result":false}');
    expect(counts.ready).toBe(false);
    player.receive('{"jsonrpc":"2.0","id":2,"result":"0x1"}');
    expect(counts.ready).toBe(true);
  });

  test.each(['{"jsonrpc":"2.0","id":null,"error":{"message":"Parse error"}}', '{"error":{"message":"Parse error"}}'])(
    'an error that names no call is of the login, and of a subscription: %s',
    (error) => {
      const { player } = withFakeServer(jsonRpc({ login: { method: 'enter' } }));
      player.receive(error);
      expect(player.end).toBe('not ready: Parse error');
      const subscribing = withFakeServer(jsonRpc({ login: { method: 'enter' }, subscriptions: [{ method: 'a' }] }));
      subscribing.player.receive('{"jsonrpc":"2.0","id":1,"result":true}');
      subscribing.player.receive(error);
      expect(subscribing.player.end).toBe('not ready: Parse error');
    },
  );

  test('a reply may repeat the method', () => {
    const { player, counts, sent, say } = ready();
    player.ask('sum');
    player.ask('sum');
    sent();
    say({ jsonrpc: '2.0', id: 1, method: 'sum', result: 3 });
    say({ jsonrpc: '2.0', id: 2, method: 'sum', error: { message: 'no' } });
    expect(counts).toMatchObject({ answered: 1, refused: { no: 1 }, pushed: {}, unexpected: 0 });
    say({ jsonrpc: '2.0', method: 'news', result: 3 });
    expect(counts.pushed).toEqual({ news: 1 });
    expect(sent()).toEqual([]);
  });

  test('a result that nothing is said against is an answer, also where that is null', () => {
    const { player, counts } = withFakeServer(jsonRpc({ refused: () => null, requests: { sum: {} } }));
    player.ask('sum');
    player.receive('{"jsonrpc":"2.0","id":1,"result":3}');
    expect(counts).toMatchObject({ answered: 1, refused: {} });
  });

  test.each([
    ['invalid JSON', '{"jsonrpc":'],
    ['an id that was not asked', '{"jsonrpc":"2.0","id":99,"result":1}'],
    ['an id of no number', '{"jsonrpc":"2.0","id":"1","result":1}'],
    ['an error that names no call', '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}'],
    ['neither result nor error', '{"jsonrpc":"2.0","id":1}'],
    ['an empty batch', '[]'],
    ['no object', 'null'],
    ['a binary frame', bytes('7b7d')],
  ])('%s is unexpected', (_what, frame) => {
    const { player, counts, say } = ready();
    player.ask('sum');
    player.receive(frame);
    expect(counts).toMatchObject({ answered: 0, refused: {}, unexpected: 1 });
    expect(player.end).toBeUndefined();
    say({ jsonrpc: '2.0', id: 1, result: 3 });
    expect(counts.answered).toBe(1);
    say({ jsonrpc: '2.0', id: 1, result: 3 });
    expect(counts).toMatchObject({ answered: 1, unexpected: 2 });
  });
});
