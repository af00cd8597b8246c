import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { stomp } from '../../../lib/conversation/stomp.ts';
import { systemTool } from '../../e2e/system-tools.ts';
import { startChild } from '../../servers/real/child.mjs';
import { connect } from './connect.ts';
import { bytes, withFakeServer } from './fake-wire.ts';
import { gained } from './gained.ts';

describe.skipIf(systemTool('rabbitmq-server') === undefined)('against a real RabbitMQ', () => {
  let server: Awaited<ReturnType<typeof startChild>>;
  beforeAll(async () => {
    server = await startChild('rabbitmq');
  }, 120_000);
  afterAll(() => server.stop());

  const GUEST = { username: 'guest', password: 'guest' };

  test('by name alone it logs in and sends nothing, and takes its leave', async () => {
    const player = await connect(stomp(), server.url);
    await player.until(({ counts }) => counts.ready);
    player.goodbye();
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe('closed: ');
    expect(player.counts).toMatchObject({ sent: 0, unexpected: 0 });
  });

  test('heart-beats go both ways', async () => {
    const player = await connect(stomp({ heartbeatMs: 400 }), server.url);
    await player.until(({ counts, end }) => end !== undefined || (counts.ready && counts.expected >= 8));
    expect(player.end).toBeUndefined();
    expect(player.counts.unexpected).toBe(0);
    player.goodbye();
  });

  test('a heartbeat that is switched off is a drop in the words of the server', async () => {
    const player = await connect(stomp({ heartbeatMs: 400, heartbeat: false }), server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe('dropped: 1000 STOMP died');
  });

  test('login, subscriptions, receipts and deliveries', async () => {
    const conversation = stomp({
      username: ({ user }) => user['name'] as string,
      password: 'guest',
      destinations: ({ index }) => ['/topic/all', `/topic/of.${index}`],
      requests: {
        quiet: { destination: '/topic/nobody', payload: 'ä:\n' },
        own: { destination: ({ index }) => `/topic/of.${index}`, payload: 'x', reply: 'none' },
        say: { destination: '/topic/all', payload: (_session, _n, stamp) => ({ stamp, text: 'ä\\' }), reach: 2 },
      },
    });
    const before = await server.counts();
    const [a, b] = await Promise.all(
      [0, 1].map((index) => connect(conversation, server.url, { index, user: { name: 'guest' } })),
    );
    for (const player of [a!, b!]) await player.until(({ counts }) => counts.ready);
    for (const kind of ['quiet', 'own', 'say']) a!.ask(kind);
    await a!.until(
      ({ counts }) => counts.answered === 2 && counts.delivered === 1 && counts.pushed['/topic/of.0'] === 1,
    );
    await b!.until(({ counts }) => counts.delivered === 1);
    expect(a!.counts).toMatchObject({ sent: 3, sentOnly: 1, pushed: { '/topic/of.0': 1 }, unexpected: 0 });
    await expect.poll(() => gained(server, before)).toMatchObject({ logins: 2, requests: 3, deliveries: 3 });
    for (const player of [a!, b!]) player.goodbye();
  });

  test('a wrong password is not ready, in the words of the server', async () => {
    const player = await connect(stomp({ ...GUEST, password: 'wrong' }), server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe("not ready: Bad CONNECT: Access refused for user 'guest'");
    await expect.poll(() => server.counts()).toMatchObject({ loginsRefused: 1 });
  });

  test('a request that the server will not hear of ends the connection, in its words', async () => {
    const player = await connect(stomp({ ...GUEST, requests: { lost: { destination: '/nowhere/b' } } }), server.url);
    await player.until(({ counts }) => counts.ready);
    const before = await server.counts();
    player.ask('lost');
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe("dropped: Unknown destination: '/nowhere/b' is not a valid destination.");
    await expect.poll(() => gained(server, before)).toMatchObject({ refused: 1 });
  });
});

describe('frames', () => {
  const CONNECTED = 'CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0';
  const ready = (options: Parameters<typeof stomp>[0] = {}) => {
    const fake = withFakeServer(stomp({ requests: { say: { destination: '/a' } }, ...options }));
    fake.player.receive(CONNECTED);
    fake.sent();
    return fake;
  };

  test('are those of the protocol, its escapes included', () => {
    const { player, sent } = withFakeServer(
      stomp({
        host: 'h',
        username: 'u:',
        password: 'p\\',
        headers: { Authorization: 'Bearer t' },
        heartbeatMs: 5_000,
        destinations: ['/topic/a:b', '/x'],
        requests: {
          say: { destination: '/topic/a', payload: { a: 'ä' }, headers: { 'x:y': 'a\nb\\c\rd' } },
          note: { payload: 'hi', reply: 'none' },
        },
      }),
    );
    expect(sent()).toEqual([
      'CONNECT\naccept-version:1.2\nhost:h\nheart-beat:5000,5000\nlogin:u:\npasscode:p\\\nAuthorization:Bearer t\n\n\0',
    ]);
    player.receive(CONNECTED);
    expect(sent()).toEqual([
      'SUBSCRIBE\nid:0\ndestination:/topic/a\\cb\nack:auto\nreceipt:subscribed-0\n\n\0',
      'SUBSCRIBE\nid:1\ndestination:/x\nack:auto\nreceipt:subscribed-1\n\n\0',
    ]);
    player.receive('RECEIPT\nreceipt-id:subscribed-0\n\n\0');
    expect(player.counts.ready).toBe(false);
    player.receive('RECEIPT\nreceipt-id:subscribed-1\n\n\0');
    expect(player.counts.ready).toBe(true);
    player.ask('say');
    player.ask('note');
    expect(sent()).toEqual([
      'SEND\ndestination:/topic/a\ncontent-type:application/json\nx\\cy:a\\nb\\\\c\\rd\nreceipt:1\ncontent-length:10\n\n{"a":"ä"}\0',
      'SEND\ndestination:note\ncontent-type:text/plain\ncontent-length:2\n\nhi\0',
    ]);
    player.goodbye();
    expect(sent()).toEqual(['DISCONNECT\nreceipt:goodbye\n\n\0']);
    expect(player.end).toBeUndefined();
    player.receive('RECEIPT\nreceipt-id:goodbye\n\n\0');
    expect(player.end).toBe('closed: ');
  });

  test('headers may be a function that has none to give', () => {
    const { sent } = withFakeServer(stomp({ host: 'h', headers: () => undefined as never }));
    expect(sent()).toEqual(['CONNECT\naccept-version:1.2\nhost:h\nheart-beat:10000,10000\n\n\0']);
  });

  test.each([
    ['0,0', 0],
    ['1,0', 0],
    ['0,30', 1],
    ['0,1', 1],
  ])('a server that says heart-beat:%s gets them: %i', (agreed, beats) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { player, sent } = withFakeServer(stomp({ heartbeatMs: 20 }));
    sent();
    player.receive(`CONNECTED\nversion:1.2\nheart-beat:${agreed}\n\n\0`);
    vi.advanceTimersByTime(80);
    expect(sent().includes('\n')).toBe(beats > 0);
  });

  test('come in pieces, several at once, with heart-beats before, between and after them', () => {
    const { player, counts } = ready();
    for (const kind of ['say', 'say', 'say']) player.ask(kind);
    player.receive('\n');
    player.receive('\r\n\nRECEIPT\nrecei');
    player.receive('pt-id:1\n\n');
    expect(counts).toMatchObject({ answered: 0, unexpected: 0 });
    player.receive('\0\nRECEIPT\r\nreceipt-id:2\r\n\r\n\0\n\nRECEIPT\nreceipt-id:3\n\n\0');
    expect(counts).toMatchObject({ answered: 3, unexpected: 0 });
  });

  test('a body has the length it says, in bytes, NUL and empty lines included', () => {
    const { player, counts } = ready({
      answers: ({ headers, body }) => (body === 'ä\0\n\n\0b' && headers['a:b'] === 'c\n' ? 1 : undefined),
    });
    player.ask('say');
    player.receive('MESSAGE\nsubscription:0\na\\cb:c\\n\na\\cb:second\ncontent-length:7\n\nä\0\n\n');
    expect(counts).toMatchObject({ answered: 0, unexpected: 0 });
    player.receive('\0b\0');
    expect(counts).toMatchObject({ answered: 1, unexpected: 0 });
  });

  test('binary ones too, with a character cut in two', () => {
    const { player, counts } = ready({ answers: ({ body }) => (body === 'aä' ? 1 : undefined) });
    player.ask('say');
    const frame = Buffer.from('MESSAGE\nsubscription:0\n\naä\0').toString('hex');
    player.receive(bytes(frame.slice(0, -4)));
    player.receive(bytes(frame.slice(-4)));
    expect(counts).toMatchObject({ answered: 1, unexpected: 0 });
  });

  test('a large body of NUL takes no time that grows as its square', () => {
    const { player, counts } = ready();
    const body = 'a\0'.repeat(200_000);
    const began = performance.now();
    player.receive(`MESSAGE\nsubscription:0\ndestination:/b\ncontent-length:${body.length}\n\n${body}\0`);
    expect(counts).toMatchObject({ pushed: { '/b': 1 }, unexpected: 0 });
    // As its square it is minutes.
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  test('a large body in many pieces is searched once', () => {
    const { player, counts } = ready();
    const indexOf = vi.spyOn(Uint8Array.prototype, 'indexOf');
    player.receive('MESSAGE\nsubscription:0\ndestination:/b\n\n');
    for (let piece = 0; piece < 20; piece += 1) player.receive('a'.repeat(10_000));
    const searches = indexOf.mock.calls.filter(([byte]) => byte === 0).map(([, from = 0]) => from);
    indexOf.mockRestore();
    expect(Math.max(...searches)).toBeGreaterThan(180_000);
    player.receive('\0');
    expect(counts).toMatchObject({ pushed: { '/b': 1 }, unexpected: 0 });
  });

  test('a body that is no text has the length that came in', () => {
    const { player, counts } = ready({ answers: ({ body }) => (body.endsWith('\0n=1') ? 1 : undefined) });
    player.ask('say');
    const head = Buffer.from('MESSAGE\nsubscription:0\ncontent-length:8\n\n').toString('hex');
    player.receive(bytes(`${head} ffffffff 00 6e3d31 00`));
    expect(counts).toMatchObject({ answered: 1, unexpected: 0 });
  });

  test.each(['abc', '-1', '1.5', '99999999'])('a content-length of %s spoils its frame alone', (length) => {
    const { player, counts } = ready();
    player.ask('say');
    player.receive(`MESSAGE\nsubscription:0\ncontent-length:${length}\n\nx\0`);
    expect(counts).toMatchObject({ unexpected: 1, pushed: {} });
    player.receive('RECEIPT\nreceipt-id:1\n\n\0');
    expect(counts).toMatchObject({ answered: 1, unexpected: 1 });
  });

  test('each subscription has its own receipt', () => {
    const { player, counts } = ready({ destinations: ['/a', '/b'] });
    const receipt = (id: string) => player.receive(`RECEIPT\nreceipt-id:${id}\n\n\0`);
    for (const id of ['subscribed-0', 'subscribed-0', 'subscribed-7']) receipt(id);
    expect(counts.ready).toBe(false);
    receipt('subscribed-1');
    expect(counts.ready).toBe(true);
    receipt('subscribed-1');
    expect(counts.unexpected).toBe(1);
  });

  test('an ERROR after DISCONNECT is no failure', () => {
    const { player, counts } = ready();
    player.goodbye();
    player.receive('ERROR\nmessage:no receipt\n\n\0');
    expect(player.end).toBe('closed: ');
    expect(counts.unexpected).toBe(0);
  });

  test('a server without receipts, as Spring: ready at once, and answers by message', () => {
    const { player, sent } = withFakeServer(
      stomp({
        receipts: false,
        destinations: ['/user/queue/replies', '/topic/greetings'],
        answers: ({ headers, body }) => (headers['destination'].startsWith('/user/') ? JSON.parse(body).n : null),
        refused: ({ body }) => JSON.parse(body).error,
        requests: { hello: { destination: '/app/hello', payload: (_session, n) => ({ n }) } },
      }),
    );
    sent();
    player.receive(CONNECTED);
    expect(sent()[0]).toBe('SUBSCRIBE\nid:0\ndestination:/user/queue/replies\nack:auto\n\n\0');
    expect(player.counts.ready).toBe(true);
    player.ask('hello');
    player.ask('hello');
    expect(sent()[0]).toBe(
      'SEND\ndestination:/app/hello\ncontent-type:application/json\ncontent-length:7\n\n{"n":1}\0',
    );
    const message = (destination: string, body: string) =>
      player.receive(`MESSAGE\ndestination:${destination}\nsubscription:0\n\n${body}\0`);
    message('/user/queue/replies', '{"n":1}');
    message('/user/queue/replies', '{"n":2,"error":"full"}');
    message('/topic/greetings', '{"n":1}');
    expect(player.counts).toMatchObject({
      answered: 1,
      refused: { full: 1 },
      pushed: { '/topic/greetings': 1 },
      unexpected: 0,
    });
  });

  test('without receipts and answers a request is only sent, and nothing else can be asked for', () => {
    expect(stomp({ receipts: false, requests: { say: {} } }).requests?.['say']?.reply).toBe('none');
    expect(() => stomp({ receipts: false, requests: { say: { reply: 'first' } } })).toThrow(
      /^stomp: without receipts nothing answers request "say" with reply "first"; give answers, or take reply: 'none'\.$/,
    );
  });

  test('an ERROR that names a request refuses it', () => {
    const { player, counts } = ready();
    player.ask('say');
    player.receive('ERROR\nreceipt-id:1\nmessage:no such place\n\nmore\nand more\0');
    expect(counts).toMatchObject({ refused: { 'no such place: more': 1 }, unexpected: 0 });
    player.serverClosed(1002, '');
    expect(player.end).toBe('dropped: 1002');
  });

  test('a second login does not subscribe again', () => {
    const { player, counts, sent } = ready({ destinations: ['/a'] });
    player.receive('RECEIPT\nreceipt-id:subscribed-0\n\n\0');
    player.receive(CONNECTED);
    expect(sent()).toEqual([]);
    expect(counts.unexpected).toBe(1);
  });

  test('a new line cannot be in CONNECT, whose headers have no escapes', () => {
    const { player } = withFakeServer(stomp({ password: 'a\nb' }));
    expect(player.end).toBe('script_error: stomp: the header "passcode" of CONNECT cannot hold a new line.');
  });

  test.each([
    ['an unknown command', 'NONSENSE\n\n\0'],
    ['no header ends', 'hello\0'],
    ['a header without a colon', 'RECEIPT\nreceipt-id\n\n\0'],
    ['a receipt of nothing', 'RECEIPT\n\n\0'],
    ['a receipt for what was not asked', 'RECEIPT\nreceipt-id:99\n\n\0'],
    ['a receipt of a subscription that there is not', 'RECEIPT\nreceipt-id:subscribed-0\n\n\0'],
    ['a message without a subscription', 'MESSAGE\n\n\0'],
    ['a second login', CONNECTED],
    ['JSON', '{"id":"1"}\n\n\0'],
  ])('%s is unexpected', (_what, frame) => {
    const { player, counts } = ready();
    player.ask('say');
    player.receive(frame);
    expect(counts).toMatchObject({ answered: 0, unexpected: 1, pushed: {} });
    expect(player.end).toBeUndefined();
    player.receive('RECEIPT\nreceipt-id:1\n\n\0');
    expect(counts.answered).toBe(1);
  });
});
