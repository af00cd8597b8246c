import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { socketIo } from '../../../lib/conversation/socket-io.ts';
import { startChild } from '../../servers/real/child.mjs';
import { connect } from './connect.ts';
import { bytes, withFakeServer } from './fake-wire.ts';

const refused = ([answer]: { status?: string; reason?: string }[]) =>
  answer?.status === 'error' ? answer.reason : undefined;

describe('against a real socket.io', () => {
  let server: Awaited<ReturnType<typeof startChild>>;
  beforeAll(async () => {
    // Who answers has two seconds for it: this process can be kept from its turn by the other tests.
    server = await startChild('socket-io', { pingIntervalMs: 200, pingTimeoutMs: 2_000 });
  });
  afterAll(() => server.stop());

  test('by name alone it logs in, answers heartbeats and sends nothing', async () => {
    const player = await connect(socketIo(), server.url);
    await player.until(({ counts }) => counts.ready && counts.expected >= 4);
    expect(player.counts).toMatchObject({ ready: true, sent: 0, unexpected: 0 });
    player.goodbye();
    expect(player.end).toBe('closed: ');
  });

  test('a heartbeat that is switched off is a drop, for which the server has no word', async () => {
    const player = await connect(socketIo({ heartbeat: false }), server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe('dropped: 1005 without a word');
  });

  test.each(['/', '/admin'])(
    'login, rooms, acknowledgements, refusals, bytes and deliveries in %s',
    async (namespace) => {
      const conversation = socketIo({
        namespace,
        auth: ({ user }) => ({ token: user['token'] }),
        rooms: ({ index }) => [`room ${index % 2}`, 'all'],
        refused,
        requests: {
          echo: { args: (_session, n) => [`hello ${n}`] },
          fail: {},
          fine: { event: 'fail', refused: () => undefined },
          bytes: { args: [Uint8Array.of(1, 2, 3)] },
          say: { reach: 2, args: (_session, _n, stamp) => ['all', stamp] },
        },
      });
      const before = await server.counts();
      const [a, b] = await Promise.all(
        [0, 1].map((index) => connect(conversation, server.url, { index, user: { token: `tok-${index}` } })),
      );
      for (const player of [a!, b!]) await player.until(({ counts }) => counts.ready);
      for (const kind of ['echo', 'fail', 'fine', 'bytes', 'say']) a!.ask(kind);
      await a!.until(({ counts }) => counts.answered === 4 && counts.delivered === 1);
      await b!.until(({ counts }) => counts.delivered === 1);
      expect(a!.counts).toMatchObject({ sent: 5, refused: { quota: 1 }, pushed: {}, unexpected: 0 });
      const after = await server.counts();
      expect(after.logins - before.logins).toBe(2);
      expect(after.requests - before.requests).toBe(3);
      expect(after.refused - before.refused).toBe(2);
      expect(after.deliveries - before.deliveries).toBe(2);
      for (const player of [a!, b!]) player.goodbye();
    },
  );

  test('a wrong token is not ready, in the words of the server', async () => {
    const player = await connect(socketIo({ auth: { token: 'wrong' } }), server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe('not ready: unauthorized');
  });

  test('a room that is refused is not ready, in the words of the server', async () => {
    const player = await connect(socketIo({ rooms: ['all', 'closed'], refused }), server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe('not ready: room is closed');
  });

  test('an answer by an event of its own instead of the acknowledgement', async () => {
    const conversation = socketIo({
      answers: ([event, said]) => (event === 'answer' ? said.ref : undefined),
      requests: { ask: { args: (_session, n) => [n] } },
    });
    const player = await connect(conversation, server.url);
    await player.until(({ counts }) => counts.ready);
    player.ask('ask');
    await player.until(({ counts }) => counts.answered === 1);
    expect(player.counts).toMatchObject({ pushed: {}, unexpected: 0 });
    player.goodbye();
  });

  test('put out by the server, it is dropped for that', async () => {
    const player = await connect(socketIo({ requests: { leave: { reply: 'none' } } }), server.url);
    await player.until(({ counts }) => counts.ready);
    player.ask('leave');
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe('dropped: io server disconnect');
  });
});

describe('frames', () => {
  const OPEN = '0{"sid":"a","pingInterval":25000}';
  const ready = () => {
    const fake = withFakeServer(socketIo({ requests: { echo: { args: ['x'] }, plain: { reply: 'none' } } }));
    fake.player.receive(OPEN);
    fake.player.receive('40{"sid":"b"}');
    fake.sent();
    return fake;
  };

  test.each([
    ['ws://h:1', 'ws://h:1/socket.io/?EIO=4&transport=websocket'],
    ['ws://h:1/', 'ws://h:1/socket.io/?EIO=4&transport=websocket'],
    ['ws://h/?token=a?b', 'ws://h/socket.io/?token=a?b&EIO=4&transport=websocket'],
    ['ws://h:1/?token=a/b', 'ws://h:1/socket.io/?token=a/b&EIO=4&transport=websocket'],
    ['wss://h/chat/', 'wss://h/chat/?EIO=4&transport=websocket'],
    ['ws://h/socket.io/?EIO=3&transport=websocket', 'ws://h/socket.io/?EIO=3&transport=websocket'],
  ])('%s is asked for as %s', (url, address) => {
    expect(socketIo().handshake?.({ index: 0, user: {}, url })).toEqual({ url: address });
  });

  test('are those of the protocol', () => {
    const { player, sent } = withFakeServer(
      socketIo({
        auth: { token: 't' },
        rooms: ['r', 's'],
        requests: { echo: { args: [{ a: [Uint8Array.of(1)] }, new ArrayBuffer(2)] }, note: { reply: 'none' } },
      }),
    );
    expect(sent()).toEqual([]);
    player.receive(OPEN);
    expect(sent()).toEqual(['40{"token":"t"}']);
    player.receive('40{"sid":"b"}');
    expect(sent()).toEqual(['421000000000["join","r"]', '421000000001["join","s"]']);
    player.receive('431000000001[]');
    expect(player.counts.ready).toBe(false);
    player.receive('431000000000[]');
    expect(player.counts.ready).toBe(true);
    player.ask('echo');
    expect(sent()).toEqual([
      '452-1["echo",{"a":[{"_placeholder":true,"num":0}]},{"_placeholder":true,"num":1}]',
      Uint8Array.of(1),
      new ArrayBuffer(2),
    ]);
    player.ask('note');
    expect(sent()).toEqual(['42["note"]']);
    player.receive('2');
    expect(sent()).toEqual(['3']);
    player.goodbye();
    expect(sent()).toEqual(['41']);
  });

  test('a room without acknowledgement is taken as joined', () => {
    const { player, sent } = withFakeServer(socketIo({ rooms: ['r'], joinAck: false, join: 'enter' }));
    player.receive(OPEN);
    player.receive('40{"sid":"b"}');
    expect(sent()).toEqual(['40', '42["enter","r"]']);
    expect(player.counts.ready).toBe(true);
  });

  test('each room has its own acknowledgement, and none answers a request', () => {
    const { player, counts } = withFakeServer(socketIo({ rooms: ['r', 's'], requests: { echo: {} } }));
    player.receive(OPEN);
    player.receive('40{"sid":"b"}');
    for (const id of [1_000_000_000, 1_000_000_000, 1, 99]) player.receive(`43${id}[]`);
    expect(counts.ready).toBe(false);
    player.receive('431000000001[]');
    expect(counts.ready).toBe(true);
    player.ask('echo');
    player.receive('431000000000[]');
    player.receive('431000000001[]');
    expect(counts).toMatchObject({ answered: 0, unexpected: 2 });
    player.receive('431[]');
    expect(counts.answered).toBe(1);
  });

  test('null says nothing: no refusal, no answer', () => {
    const { player, counts } = withFakeServer(
      socketIo({
        rooms: ['r'],
        refused: () => null,
        answers: ([event, n]) => (event === 'answer' ? n : null),
        requests: { echo: {} },
      }),
    );
    player.receive(OPEN);
    player.receive('40{"sid":"b"}');
    player.receive('431000000000[]');
    expect(counts.ready).toBe(true);
    player.ask('echo');
    player.receive('42["news"]');
    player.receive('42["answer",1]');
    expect(counts).toMatchObject({ answered: 1, refused: {}, pushed: { news: 1 }, unexpected: 0 });
  });

  test('a packet whose attachments do not come is given up with the next one', () => {
    const { player, counts } = ready();
    player.ask('echo');
    player.receive('452-["pic",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    player.receive(bytes('00'));
    player.receive('42["news"]');
    expect(counts).toMatchObject({ unexpected: 1, pushed: {} });
    player.receive('42["news"]');
    player.receive('431[]');
    expect(counts).toMatchObject({ answered: 1, unexpected: 1, pushed: { news: 1 } });
    player.receive(bytes('00'));
    expect(counts.unexpected).toBe(2);
  });

  test('an acknowledgement that the server wants is given', () => {
    const { player, counts, sent } = ready();
    player.receive('427["ask",1]');
    expect(sent()).toEqual(['437[]']);
    expect(counts).toMatchObject({ pushed: { ask: 1 }, unexpected: 0 });
  });

  test('binary acknowledgements and events, with a heartbeat between', () => {
    const { player, counts } = ready();
    player.ask('echo');
    player.receive('462-1[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
    player.receive(bytes('0102'));
    player.receive('2');
    expect(counts.answered).toBe(0);
    player.receive(bytes('03'));
    expect(counts).toMatchObject({ answered: 1, unexpected: 0 });
    player.receive('451-["news",{"_placeholder":true,"num":0}]');
    player.receive(new TextEncoder().encode(player.session.stamp(1)).buffer);
    expect(counts).toMatchObject({ delivered: 1, pushed: {}, unexpected: 0 });
    player.receive(`451-["news","${player.session.stamp(2)}",{"_placeholder":true,"num":0}]`);
    player.receive(bytes('00'));
    expect(counts).toMatchObject({ delivered: 2, pushed: {}, unexpected: 0 });
  });

  test.each([
    ['invalid JSON in an event', '42["news"'],
    ['invalid JSON in an acknowledgement', '431[oops'],
    ['an event that is no list', '42{"a":1}'],
    ['an acknowledgement without a number', '43[1]'],
    ['an acknowledgement of what was not asked', '4399[1]'],
    ['another namespace', '42/admin,["news"]'],
    ['an unknown type of packet', '47["x"]'],
    ['an unknown type of frame', '9'],
    ['an empty frame', ''],
    ['not this protocol', 'hello'],
    ['a second login', '40{"sid":"c"}'],
    ['a second opening', OPEN],
    ['an attachment of nothing', bytes('00')],
    ['an event that holds nothing', '421'],
    ['an event without a name', '42[]'],
    ['an event whose name is no text', '42[5,1]'],
    ['an event whose name is null', '427[null]'],
    ['more attachments than there can be', '45101-["pic"]'],
  ])('%s is unexpected', (_what, frame) => {
    const { player, counts } = ready();
    player.ask('echo');
    player.receive(frame);
    expect(counts).toMatchObject({ answered: 0, unexpected: 1, pushed: {} });
    expect(player.end).toBeUndefined();
    player.receive('431["late"]');
    expect(counts.answered).toBe(1);
  });

  test('what a function gives is checked as well', () => {
    expect(() => withFakeServer(socketIo({ namespace: () => 'admin' }))).toThrow(/^socketIo: namespace is "admin"; /);
    const { player, sent } = withFakeServer(
      socketIo({
        auth: () => undefined as never,
        requests: { echo: { args: () => 'hello' as never } },
      }),
    );
    player.receive(OPEN);
    expect(sent()).toEqual(['40']);
    player.receive('40{"sid":"b"}');
    player.ask('echo');
    expect(player.end).toBe(
      'script_error: socketIo: args of the request "echo" gave string; a list is needed, such as [\'hello\'].',
    );
  });

  test('broken before the login, it waits for its timeout', () => {
    for (const frame of ['0{oops', '40', '40{"sid"', bytes('00')]) {
      const { player, counts } = withFakeServer(socketIo());
      player.receive(frame);
      expect(player.end).toBeUndefined();
      expect(counts.ready).toBe(false);
    }
  });

  test('an error of the login without a message is told as it is', () => {
    const { player } = withFakeServer(socketIo());
    player.receive(OPEN);
    player.receive('44"no"');
    expect(player.end).toBe('not ready: connect_error "no"');
  });
});
