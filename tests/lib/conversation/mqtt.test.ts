import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mqtt } from '../../../lib/conversation/mqtt.ts';
import { systemTool } from '../../e2e/system-tools.ts';
import { startChild } from '../../servers/real/child.mjs';
import { connect } from './connect.ts';
import { bytes, hex, withFakeServer } from './fake-wire.ts';
import { gained } from './gained.ts';

const brokers = systemTool('mosquitto') ? ['aedes', 'mosquitto'] : ['aedes'];

describe.each(brokers)('against a real %s', (name) => {
  let server: Awaited<ReturnType<typeof startChild>>;
  beforeAll(async () => {
    server = await startChild(name);
  });
  afterAll(() => server.stop());

  test('by name alone it logs in and sends nothing', async () => {
    const player = await connect(mqtt(), server.url);
    await player.until(({ counts }) => counts.ready);
    expect(player.counts).toMatchObject({ sent: 0, unexpected: 0 });
    player.goodbye();
    expect(player.end).toBe('closed: ');
  });

  test('it sends a sign of life before the broker misses one', async () => {
    // Each comes half a second before the broker needs it, which then waits a second more.
    const player = await connect(mqtt({ keepAliveSeconds: 2 }), server.url);
    await player.until(({ counts, end }) => end !== undefined || counts.ready);
    // Of a broker that answers the login in pieces some are there already.
    const before = player.counts.expected;
    await player.until(({ counts, end }) => end !== undefined || counts.expected >= before + 3);
    expect(player.end).toBeUndefined();
    expect(player.counts.unexpected).toBe(0);
    player.goodbye();
  });

  test('a heartbeat that is switched off is a drop', async () => {
    const player = await connect(mqtt({ keepAliveSeconds: 1, heartbeat: false }), server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toMatch(/^dropped: (1006|1000)/);
  });

  test('login, topics, both qos, and deliveries', async () => {
    const conversation = mqtt({
      username: ({ user }) => user['name'] as string,
      password: ({ user }) => user['password'] as string,
      topics: ({ index }) => ['room/#', `of/${index}/ä`],
      requests: {
        acknowledged: { topic: 'elsewhere', payload: { a: 1 } },
        sent: { topic: 'elsewhere', payload: 'x', qos: 0 },
        bytes: { topic: ({ index }) => `of/${index}/ä`, payload: Uint8Array.of(255, 0), qos: 0 },
        say: { topic: 'room/1', payload: (_session, _n, stamp) => ({ stamp }), reach: 2 },
      },
    });
    const before = await server.counts();
    const [a, b] = await Promise.all(
      [0, 1].map((index) => connect(conversation, server.url, { index, user: { name: 'ann', password: 'good' } })),
    );
    for (const player of [a!, b!]) await player.until(({ counts }) => counts.ready);
    for (const kind of ['acknowledged', 'sent', 'bytes', 'say']) a!.ask(kind);
    await a!.until(({ counts }) => counts.answered === 2 && counts.delivered === 1 && counts.pushed['of/0/ä'] === 1);
    await b!.until(({ counts }) => counts.delivered === 1);
    expect(a!.counts).toMatchObject({ sent: 4, sentOnly: 2, pushed: { 'of/0/ä': 1 }, unexpected: 0 });
    await expect.poll(() => gained(server, before)).toMatchObject({ logins: 2, requests: 4, deliveries: 3 });
    for (const player of [a!, b!]) player.goodbye();
  });

  test('a wrong password is not ready, in the words of the protocol', async () => {
    const player = await connect(mqtt({ username: 'ann', password: 'wrong' }), server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toMatch(/^not ready: (not authorized|bad user name or password)$/);
    await expect.poll(() => server.counts()).toMatchObject({ loginsRefused: 1 });
  });

  test('connections have names of their own: none puts another out', async () => {
    const players = await Promise.all([0, 0, 1].map((index) => connect(mqtt(), server.url, { index })));
    for (const player of players) await player.until(({ counts }) => counts.ready);
    expect(players.map(({ end }) => end)).toEqual([undefined, undefined, undefined]);
    for (const player of players) player.goodbye();
  });

  test.runIf(name === 'aedes')('a topic that is refused is not ready', async () => {
    const player = await connect(mqtt({ topics: ['a', 'forbidden/b'] }), server.url);
    await player.until(({ end }) => end !== undefined);
    expect(player.end).toBe('not ready: subscription refused');
  });
});

describe('packets', () => {
  const ready = () => {
    const fake = withFakeServer(
      mqtt({ requests: { say: { topic: 'r', payload: 'hi' }, note: { topic: 'r', payload: 'x', qos: 0 } } }),
    );
    fake.player.receive(bytes('20 02 00 00'));
    fake.sent();
    return fake;
  };

  test('are those of the protocol', () => {
    const { player, sent } = withFakeServer(
      mqtt({
        clientId: 'a1',
        username: 'u',
        password: 'ä',
        keepAliveSeconds: 300,
        topics: ['room/1', 'x'],
        requests: {
          say: { topic: 'room/1', payload: 'hi', retain: true },
          note: { payload: Uint8Array.of(0, 255), qos: 0 },
        },
      }),
    );
    expect(hex(sent()[0])).toBe('101500044d51545404c2012c00026131000175' + '0002c3a4');
    player.receive(bytes('20020000'));
    expect(hex(sent()[0])).toBe('820f00010006726f6f6d2f310100017801');
    player.receive(bytes('900400010100'));
    expect(player.counts.ready).toBe(true);
    player.ask('say');
    player.ask('note');
    expect(sent().map(hex)).toEqual(['330c0006726f6f6d2f3100016869', '300800046e6f746500ff']);
    player.goodbye();
    expect(sent().map(hex)).toEqual(['e000']);
  });

  test('a client id has at most 23 characters that each broker takes, and differs each time', () => {
    const ids = [0, 0, 3_000_000].map((index) => {
      const [connectPacket] = withFakeServer(mqtt(), { index }).sent();
      return Buffer.from(connectPacket as Uint8Array)
        .subarray(14)
        .toString();
    });
    for (const id of ids) expect(id).toMatch(/^[0-9a-z]{5,23}$/);
    expect(new Set(ids).size).toBe(3);
  });

  test('come in pieces, several at once, and in pieces of several', () => {
    const { player, counts, sent } = ready();
    for (const kind of ['say', 'say', 'say']) player.ask(kind);
    sent();
    for (const piece of ['40', '02', '00', '01']) player.receive(bytes(piece));
    expect(counts).toMatchObject({ answered: 1, unexpected: 0 });
    // Two answers and the beginning of a message, then its rest.
    player.receive(bytes('40020002 40020003 3208 0001'));
    expect(counts.answered).toBe(3);
    player.receive(bytes('72 0007 686965'));
    expect(counts).toMatchObject({ pushed: { r: 1 }, unexpected: 0 });
    expect(sent().map(hex)).toEqual(['40020007']);
  });

  test('have a length of up to four bytes', () => {
    const { player, counts, sent } = ready();
    const large = new Uint8Array(3 + 20_000).fill(0x61);
    large.set([0, 1, 0x72]);
    player.receive(bytes(`30 a39c01${Buffer.from(large).toString('hex')}`));
    expect(counts).toMatchObject({ pushed: { r: 1 }, unexpected: 0 });
    const big = withFakeServer(mqtt({ requests: { say: { topic: 'r', payload: 'a'.repeat(20_000) } } }));
    big.player.receive(bytes('20020000'));
    big.sent();
    big.player.ask('say');
    expect(hex(big.sent()[0])).toMatch(/^32a59c010001720001(61){20000}$/);
    expect(sent()).toEqual([]);
  });

  test('bytes go as they are', () => {
    const payloads = [Uint8Array.of(255, 0), Uint8Array.of(255, 0).buffer, Uint8Array.of(1, 255, 0).subarray(1)];
    for (const payload of payloads) {
      const { player, sent } = withFakeServer(mqtt({ requests: { say: { topic: 'r', payload } } }));
      player.receive(bytes('20020000'));
      sent();
      player.ask('say');
      expect(sent().map(hex)).toEqual(['32070001720001ff00']);
    }
  });

  const subscribing = () => {
    const fake = withFakeServer(mqtt({ topics: ['a', 'b'], requests: { say: { topic: 'r' } } }));
    fake.sent();
    return fake;
  };

  test('a SUBACK counts after the CONNACK, and with the identifier of the subscription', () => {
    const { player, counts } = subscribing();
    player.receive(bytes('900400010101'));
    player.receive(bytes('20020000'));
    player.receive(bytes('900400630101'));
    expect(counts.ready).toBe(false);
    player.receive(bytes('900400010002'));
    expect(counts.ready).toBe(true);
    player.receive(bytes('900400010101'));
    expect(counts.unexpected).toBe(1);
  });

  test.each([
    ['900400010180', 'subscription refused'],
    ['900400018701', 'subscription refused: not authorized'],
    ['900400010103', 'subscription refused by an unknown code'],
    ['9003000101', 'SUBACK does not answer each topic'],
    ['90050001010101', 'SUBACK does not answer each topic'],
  ])('the SUBACK %s is not ready: %s', (suback, word) => {
    const { player } = subscribing();
    player.receive(bytes('20020000'));
    player.receive(bytes(suback));
    expect(player.end).toBe(`not ready: ${word}`);
  });

  test('a second CONNACK subscribes nothing again and is unexpected', () => {
    const { player, counts, sent } = subscribing();
    player.receive(bytes('20020000'));
    expect(sent()).toHaveLength(1);
    player.receive(bytes('20020000'));
    expect(sent()).toEqual([]);
    player.receive(bytes('900400010101'));
    player.receive(bytes('20020005'));
    expect(player.end).toBeUndefined();
    expect(counts.unexpected).toBe(1);
  });

  test('number 65,536 has identifier 1 again, and its answer is found', () => {
    const { player, counts, sent } = ready();
    const note = player.ask('note');
    expect(note).toBe(1);
    const frames = mqtt({ requests: { say: { topic: 'r' } } }).requests?.['say']?.frames;
    const identifiers = [1, 65_535, 65_536, 131_071].map((n) =>
      hex(frames?.(player.session as never, n) as Uint8Array),
    );
    expect(identifiers).toEqual(['320500017200' + '01', '32050001' + '72ffff', '32050001720001', '32050001720001']);
    sent();
    for (let n = 2; n <= 65_537; n += 1) player.ask(n % 2 === 0 && n < 65_530 ? 'note' : 'say');
    player.receive(bytes('4002ffff'));
    player.receive(bytes('40020001'));
    player.receive(bytes('40020002'));
    expect(counts).toMatchObject({ answered: 3, unexpected: 0 });
  });

  test('an answer by a message instead of the acknowledgement', () => {
    const { player, counts } = withFakeServer(
      mqtt({
        answers: ({ topic, payload }) => (topic === 'replies' ? JSON.parse(payload).n : null),
        refused: ({ payload }) => JSON.parse(payload).error,
        requests: { ask: { qos: 0 }, tell: {} },
      }),
    );
    player.receive(bytes('20020000'));
    player.ask('ask');
    player.ask('tell');
    player.receive(bytes('40020002'));
    expect(counts).toMatchObject({ answered: 0, unexpected: 0 });
    const reply = (text: string) =>
      player.receive(
        bytes(
          `30${(9 + text.length).toString(16).padStart(2, '0')}0007${Buffer.from(`replies${text}`).toString('hex')}`,
        ),
      );
    reply('{"n":1}');
    reply('{"n":2,"error":"full"}');
    player.receive(bytes('3003000172'));
    expect(counts).toMatchObject({ answered: 1, refused: { full: 1 }, pushed: { r: 1 }, unexpected: 0 });
  });

  test.each([
    ['a text frame', 'hello'],
    ['an unknown type', bytes('f000')],
    ['type 0', bytes('0000')],
    ["a client's packet", bytes('c000')],
    ['an answer to what was not asked', bytes('40020063')],
    ['an answer without its identifier', bytes('400100')],
    ['a message cut short inside', bytes('3203000572')],
    ['a message of a qos that was not asked for', bytes('34060001720001 68')],
    ['a CONNACK of the wrong size', bytes('200100')],
    ['a length of five bytes', bytes('30ffffffff01')],
    ['a length without an end', bytes('30ffffffff')],
    ['a length beyond all reason', bytes('30ffffff7f')],
  ])('%s is unexpected', (_what, frame) => {
    const { player, counts } = ready();
    player.ask('say');
    player.receive(frame);
    expect(counts).toMatchObject({ answered: 0, unexpected: 1, pushed: {} });
    expect(player.end).toBeUndefined();
    player.receive(bytes('40020001'));
    expect(counts.answered).toBe(1);
  });

  test('one that stays cut short spoils the next one, which is unexpected, and then it goes on', () => {
    const { player, counts } = ready();
    player.ask('say');
    player.receive(bytes('400200'));
    player.receive(bytes('d000'));
    expect(counts).toMatchObject({ answered: 0, unexpected: 1 });
    player.receive(bytes('40020001'));
    expect(counts).toMatchObject({ answered: 1, unexpected: 1 });
  });

  test('an acknowledgement that nobody waits for is expected, once', () => {
    const { player, counts } = withFakeServer(mqtt({ requests: { say: { reply: 'none' } } }));
    player.receive(bytes('20020000'));
    player.ask('say');
    player.receive(bytes('40020001'));
    expect(counts).toMatchObject({ sentOnly: 1, answered: 0, unexpected: 0 });
    player.receive(bytes('40020001'));
    expect(counts.unexpected).toBe(1);
  });

  test('what no broker would take is a clear error', () => {
    expect(() => mqtt({ keepAliveSeconds: 70_000 })).toThrow(
      'mqtt: keepAliveSeconds is 70000; a whole number from 0 to 65535 is needed, such as 60.',
    );
    expect(() => mqtt({ requests: { say: { qos: 0, reply: 'answered' } } })).toThrow(
      /^mqtt: request "say" has qos 0, which no broker answers, and reply "answered"; take qos: 1 or reply: 'none'\.$/,
    );
    const { player } = withFakeServer(mqtt({ requests: { say: { topic: 'room/+' } } }));
    player.receive(bytes('20020000'));
    player.ask('say');
    expect(player.end).toBe(
      'script_error: mqtt: cannot publish to "room/+"; a topic without + and # is needed, such as room/1.',
    );
  });
});
