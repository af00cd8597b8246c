import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_UNREAD_BYTES } from '../../../lib/connection/connection.ts';
import { sendOnly } from '../../../lib/conversation/send-only.ts';
import { anOpen, CLOSE_AT, NO_MESSAGES, type Setup, START, spoken } from './a-connection.ts';

// Of k6: what the transport's limit is takes none of it.
vi.mock('../../../lib/k6.ts', () => ({ sleep: () => undefined }));
vi.mock('../../../lib/k6-ws.ts', () => ({ ws: {} }));

const KB = 1_024;

/** A conversation that sends nothing by itself. */
const quiet = (setup: Setup = {}) => anOpen(spoken({ requests: {} }), setup);

/** Requests of which nothing is claimed, so many bytes each, ten a second. */
const talker = (size: number) =>
  anOpen(spoken({ requests: { ask: { reply: 'none', frames: () => 'x'.repeat(size) } } }), {
    env: { WS_HOLD: '1h', WS_MESSAGE_INTERVAL: '100ms' },
  });

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a server that reads', () => {
  it('is asked for a pong once much is under way, one at a time', () => {
    const subject = talker(4 * KB).until(START + 300);
    expect([subject.texts.length, subject.wire.pings]).toEqual([4, 0]);
    subject.until(START + 600);
    expect([subject.texts.length, subject.wire.pings]).toEqual([7, 1]);
  });

  it('is sent as much again after each pong', () => {
    const subject = talker(4 * KB);
    for (let at = START; at < START + 60_000; at += 300) subject.until(at).pong();
    expect(subject.texts.length).toBeGreaterThan(580);
    expect(subject.books.words('detail')).toEqual([]);
  });

  it('is known to have read what came before the ping, not what came after it', () => {
    const subject = talker(4 * KB).until(START + 500);
    // It goes out before the sixth.
    expect([subject.connection.sentBytes, subject.wire.pings]).toEqual([24 * KB, 1]);
    subject.until(START + 800).pong();
    expect(subject.wire.pings).toBe(1);
    expect(subject.connection.readBytes).toBe(20 * KB);
  });

  it('needs no pong where replies show it', () => {
    const subject = anOpen(spoken({ requests: { ask: { frames: (_session, n) => `${n} ${'x'.repeat(4 * KB)}` } } }), {
      env: { WS_HOLD: '1h', WS_MESSAGE_INTERVAL: '100ms' },
    });
    for (let n = 1; n <= 50; n++) subject.until(START + 100 * (n - 1)).receive(String(n));
    expect(subject.wire.pings).toBe(0);
  });
});

describe('requests that a server which reads nothing holds back', () => {
  const big = (more: Setup['env'] = {}) =>
    anOpen(spoken({ requests: { ask: { frames: (_session, n) => `${n} ${'x'.repeat(30_000)}` } } }), {
      env: { WS_HOLD: '60s', WS_MESSAGE_INTERVAL: '1s', WS_MESSAGE_TIMEOUT: '3s', ...more },
      run: { lagStep: 1 },
    });

  it('have timed out when their reply could no longer come, and at the planned end all have', () => {
    const subject = big().until(START + 10_000);
    expect(subject.wire.sent).toHaveLength(2);
    // The third is due at 2 s, the eighth at 7 s: it can still go out.
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: 7, timeout: 7 });
    subject.until(START + 70_000);
    expect(subject.ended).toBe(true);
    // They were not made: the conversation's numbers have no gap.
    expect(subject.connection.n).toBe(2);
    const due = Math.ceil((subject.connection.closeAt - START) / 1_000);
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: due, timeout: due });
    expect(subject.books.sum('ws_messages_pending')).toBe(0);
  });

  it('go out when it reads again, and are not late by the generator’s doing', () => {
    const subject = big().until(START + 4_500);
    // Each pong lets the next one go at once: all that are owed, long before the next is due.
    for (let i = 0; i < 10; i++) subject.pong().until(START + 4_500);
    expect(subject.texts.map((text) => text.split(' ')[0])).toEqual(['1', '2', '3', '4', '5']);
    expect(Math.max(...(subject.books.values('generator_lag') as number[]))).toBeLessThan(1_000);
    // The next one is nobody's but the generator's to send in time.
    const before = subject.books.values('generator_lag').length;
    subject.tick(START + 5_300);
    expect(subject.books.values('generator_lag').slice(before)).toEqual([300]);
  });

  it('are none where nobody answers', () => {
    const subject = talker(30 * KB).until(START + 10_000);
    expect(subject.messages().sent).toBe(subject.wire.sent.length);
    // They go out late, all of them.
    for (let i = 0; i < 200; i++) subject.pong().until(START + 10_000);
    expect(subject.wire.sent).toHaveLength(101);
  });
});

it('requests go behind the frames that wait for the server to read', () => {
  const subject = anOpen(spoken(), { env: { WS_HOLD: '60s' } });
  subject.session.send('x'.repeat(10_000));
  subject.session.send('y'.repeat(60_000));
  subject.until(START);
  expect(subject.texts.map((text) => text[0])).toEqual(['x']);
  subject.pong().pong();
  expect(subject.texts.map((text) => text[0])).toEqual(['x', 'y', '1']);
});

it.each([
  [true, 1],
  [false, 2],
])('a buffer that is used again, sent over k6/ws: %s, does not change what is under way', (isOverK6Ws, first) => {
  const buffer = new Uint8Array([1]);
  const subject = anOpen(spoken({ requests: {} }), { isOverK6Ws: !isOverK6Ws });
  subject.session.send(buffer.buffer as ArrayBuffer);
  buffer[0] = 2;
  // k6/ws has written it when the call returns.
  expect(new Uint8Array(subject.wire.sent[0] as ArrayBuffer)[0]).toBe(first);
});

it('a buffer that is used again while it waits for the server is sent as it was', () => {
  const subject = anOpen(spoken({ requests: {} }), { env: { WS_HOLD: '60s' }, isOverK6Ws: true });
  const buffer = new Uint8Array(60_000).fill(1);
  subject.session.send('x'.repeat(10_000));
  subject.session.send(buffer.buffer as ArrayBuffer);
  buffer.fill(2);
  subject.pong();
  expect(new Uint8Array(subject.wire.sent[1] as ArrayBuffer)[0]).toBe(1);
});

describe('a server that reads nothing', () => {
  it('gets no more than the socket can bear, and the pause is told once', () => {
    const subject = talker(4 * KB).until(START + 30_000);
    const bytes = subject.texts.reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThanOrEqual(MAX_UNREAD_BYTES);
    expect(bytes).toBeGreaterThan(MAX_UNREAD_BYTES - 16 * KB);
    expect(subject.wire.pings).toBe(1);
    expect(subject.books.words('detail')).toEqual(['sending paused: 64 KB without a sign that the server read them']);
    expect(subject.messages()).toEqual({ ...NO_MESSAGES, sent: subject.texts.length });
  });

  it('is looked at again after an interval, not at once', () => {
    const subject = talker(4 * KB).until(START + 30_000);
    const tick = vi.spyOn(subject.life, 'tick');
    subject.until(START + 40_000);
    expect(tick.mock.calls.length).toBeLessThanOrEqual(110);
  });

  it('and then does after all gets what it is owed', () => {
    const subject = talker(4 * KB).until(START + 30_000);
    const before = subject.texts.length;
    subject.pong().until(START + 30_100);
    expect(subject.texts.length).toBeGreaterThan(before);
  });

  it('gets the same where the conversation is one of ours', () => {
    const subject = anOpen(sendOnly({ size: 4 * KB }), {
      isLean: true,
      env: { WS_HOLD: '1h', WS_MESSAGE_INTERVAL: '100ms', WS_MESSAGE_SIZE: '4096' },
    }).until(START + 30_000);
    const bytes = subject.texts.reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThanOrEqual(MAX_UNREAD_BYTES);
    expect(subject.wire.pings).toBe(1);
  });

  it('gets no more where the frames are bytes', () => {
    const subject = anOpen(
      spoken({ requests: { tell: { reply: 'none', frames: () => new Uint8Array(4 * KB).fill(120) } } }),
      { env: { WS_HOLD: '1h', WS_MESSAGE_INTERVAL: '100ms' } },
    ).until(START + 30_000);
    expect(subject.connection.sentBytes).toBe(subject.texts.length * 4 * KB);
    expect(subject.connection.sentBytes).toBeLessThanOrEqual(MAX_UNREAD_BYTES);
    expect(subject.wire.pings).toBe(1);
  });

  it('gets a single frame of any size', () => {
    const subject = quiet();
    subject.session.send('x'.repeat(10 * MAX_UNREAD_BYTES));
    expect(subject.texts).toHaveLength(1);
  });
});

it('the frames of one request wait for each other, too', () => {
  const frames = ['a', 'b', 'c'].map((letter) => letter.repeat(30 * KB));
  const subject = anOpen(spoken({ requests: { ask: { frames: () => frames } } })).until(START);
  expect(subject.texts.map(([letter]) => letter)).toEqual(['a', 'b']);
  subject.pong();
  expect(subject.texts.map(([letter]) => letter)).toEqual(['a', 'b', 'c']);
  expect(subject.messages().sent).toBe(1);
});

describe('what is sent beside requests', () => {
  it('goes out at once, text or bytes', () => {
    const subject = quiet();
    subject.session.send('a');
    subject.session.send(new Uint8Array([98]));
    subject.session.send(new Uint8Array([120, 99, 120]).subarray(1, 2));
    subject.session.send(new Uint8Array([100]).buffer);
    expect(subject.texts).toEqual(['a', 'b', 'c', 'd']);
    expect(subject.wire.sent.slice(1).every((frame) => frame instanceof ArrayBuffer)).toBe(true);
    expect(subject.messages()).toEqual(NO_MESSAGES);
  });

  it('waits in order for a server that reads nothing', () => {
    const subject = quiet();
    for (const letter of ['a', 'b', 'c']) subject.session.send(letter.repeat(30 * KB));
    subject.session.send('d');
    expect(subject.texts.map(([letter]) => letter)).toEqual(['a', 'b']);
    expect(subject.wire.pings).toBe(1);
    subject.pong();
    expect(subject.texts.map(([letter]) => letter)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is asked about again for what still waits', () => {
    const subject = quiet();
    for (const letter of ['a', 'b', 'c', 'd', 'e']) subject.session.send(letter.repeat(30 * KB));
    subject.pong();
    // The ping went out after the first: only that is known to be read.
    expect(subject.texts.map(([letter]) => letter)).toEqual(['a', 'b', 'c']);
    expect(subject.wire.pings).toBe(2);
    subject.pong();
    expect(subject.texts.map(([letter]) => letter)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('waits in vain once the connection has ended', () => {
    const subject = quiet();
    for (const letter of ['a', 'b', 'c']) subject.session.send(letter.repeat(30 * KB));
    subject.gone(1006).pong();
    expect(subject.texts).toHaveLength(2);
    expect(subject.wire.pings).toBe(1);
  });

  it('that is more than a thousand frames behind is a script error', () => {
    const received = spoken().received;
    const subject = anOpen(
      spoken({
        requests: {},
        received(session, frame) {
          if (frame === 'flood') for (let i = 0; i < 1_003; i++) session.send('x'.repeat(60 * KB));
          else received(session, frame);
        },
      }),
    ).receive('flood');
    expect(subject.books.words('script error')[0]).toMatch(
      /^RangeError: send\(\): 1000 frames wait for a server that reads nothing/,
    );
    expect(subject.books.sum('ws_connections_dropped', { reason: 'script_error' })).toBe(1);
  });
});

describe('a frame', () => {
  const request = (frames: () => unknown) =>
    anOpen(spoken({ requests: { ask: { frames: frames as never } } }), { isOverK6Ws: true }).until(START);

  it.each<[string, () => unknown]>([
    ['text', () => 'x'.repeat(65_000)],
    ['two bytes a letter', () => 'é'.repeat(32_500)],
    ['three', () => '認'.repeat(21_666)],
    ['four', () => '\u{1f600}'.repeat(16_250)],
    ['half a character', () => `${'x'.repeat(64_997)}\ud83d`],
    ['bytes', () => new Uint8Array(65_000)],
  ])('of %s may be 65,000 bytes large over k6/ws', (_name, frames) => {
    expect(request(frames).messages().sent).toBe(1);
  });

  it.each<[string, () => unknown]>([
    ['text', () => 'x'.repeat(65_001)],
    ['two bytes a letter', () => 'é'.repeat(32_501)],
    ['three', () => '認'.repeat(21_667)],
    ['four', () => '\u{1f600}'.repeat(16_251)],
    ['half a character', () => `${'x'.repeat(64_998)}\ud83d`],
    ['bytes', () => new Uint8Array(65_001)],
    ['bytes', () => new ArrayBuffer(65_001)],
    ['several', () => ['x', 'x'.repeat(65_001)]],
  ])('of %s may not be larger: a script error, nothing is sent', (_name, frames) => {
    const subject = request(frames);
    expect(subject.texts).toEqual([]);
    expect(subject.messages()).toEqual(NO_MESSAGES);
    expect(subject.books.words('script error')[0]).toMatch(
      /^RangeError: request ask gave a frame of \d+ bytes: over k6\/ws at most 65000, since its writes have no deadline/,
    );
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [7, 'number'],
    [{ type: 'chat' }, 'object'],
    [['a', null], 'null'],
    [['a', ['b']], 'object'],
  ])('that is none, %j, is a script error that says what is expected', (frame, type) => {
    const subject = request(() => frame);
    expect(subject.texts).toEqual([]);
    expect(subject.books.words('script error')[0]).toContain(
      `TypeError: request ask gave ${type} to send: expected a string, an ArrayBuffer or a Uint8Array`,
    );
  });

  it('of send() is looked at as well', () => {
    const subject = quiet({ isOverK6Ws: true });
    expect(() => subject.session.send(7 as never)).toThrow('send() gave number to send: expected a string');
    expect(() => subject.session.send('x'.repeat(65_001))).toThrow('send() gave a frame of 65001 bytes');
    subject.until(CLOSE_AT);
    expect(subject.session.send('after the end')).toBeUndefined();
    expect(subject.texts).toEqual([]);
  });
});
