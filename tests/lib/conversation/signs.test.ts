import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Conversation, Frame } from '../../../lib/conversation/conversation.ts';
import { mqtt } from '../../../lib/conversation/mqtt.ts';
import { socketIo } from '../../../lib/conversation/socket-io.ts';
import { stomp } from '../../../lib/conversation/stomp.ts';
import { adviceFor } from '../../../lib/report/advice.ts';
import { bytes, hex, withFakeServer } from './fake-wire.ts';

interface Protocol {
  make: (heartbeat: boolean) => Conversation<never>;
  /** What the server says until the client is ready. */
  login: Frame[];
  /** How long the server may be silent, in ms. */
  limitMs: number;
  sign: Frame;
  /** What the client drops it for. */
  word: string;
}

const OPEN = '0{"sid":"a","pingInterval":25000,"pingTimeout":20000}';
const made = (conversation: unknown) => conversation as Conversation<never>;

const PROTOCOLS: Record<string, Protocol> = {
  mqtt: {
    make: (heartbeat) => made(mqtt({ keepAliveSeconds: 60, heartbeat })),
    login: [bytes('20020000')],
    limitMs: 90_000,
    sign: bytes('d000'),
    word: 'no PINGRESP',
  },
  stomp: {
    make: (heartbeat) => made(stomp({ heartbeatMs: 5_000, heartbeat })),
    login: ['CONNECTED\nversion:1.2\nheart-beat:8000,0\n\n\0'],
    limitMs: 16_000,
    sign: '\n',
    word: 'no heart-beat',
  },
  'socket.io': {
    make: (heartbeat) => made(socketIo({ heartbeat })),
    login: [OPEN, OPEN, '40{"sid":"b"}'],
    limitMs: 45_000,
    sign: '2',
    word: 'ping timeout',
  },
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe.each(Object.entries(PROTOCOLS))('%s: a server', (_name, { make, login, limitMs, sign, word }) => {
  function loggedIn(heartbeat = true) {
    const fake = withFakeServer(make(heartbeat));
    for (const frame of login) fake.player.receive(frame);
    expect(fake.counts.ready).toBe(true);
    return fake;
  }

  test('whose heartbeats come is kept, though each comes as late as it may', () => {
    const { player, counts } = loggedIn();
    for (let beat = 0; beat < 5; beat++) {
      vi.advanceTimersByTime(limitMs);
      player.receive(sign);
    }
    expect(player.end).toBeUndefined();
    expect(counts.unexpected).toBe(0);
  });

  test('whose heartbeats stop is dropped, a second after a first look has found nothing', () => {
    const { player } = loggedIn();
    vi.advanceTimersByTime(limitMs / 2);
    player.receive(sign);
    vi.advanceTimersByTime(limitMs + 900);
    expect(player.end).toBeUndefined();
    vi.advanceTimersByTime(200);
    expect(player.end).toBe(`dropped: ${word}`);
    expect(adviceFor('drop', word)).toMatch(/^Server or network: it sent nothing/);
  });

  test('is not blamed where the client stood still, once or twice: what lies in the socket is read first', () => {
    const { player } = loggedIn();
    vi.setSystemTime(Date.now() + limitMs * 2);
    vi.advanceTimersByTime(limitMs);
    expect(player.end).toBeUndefined();
    // The second look is late as well.
    vi.setSystemTime(Date.now() + 500);
    vi.advanceTimersByTime(1_000);
    expect(player.end).toBeUndefined();
    player.receive(sign);
    vi.advanceTimersByTime(limitMs);
    expect(player.end).toBeUndefined();
    vi.advanceTimersByTime(1_100);
    expect(player.end).toBe(`dropped: ${word}`);
  });

  test('is not watched where heartbeats are left out', () => {
    const { player } = loggedIn(false);
    vi.advanceTimersByTime(limitMs * 5);
    expect(player.end).toBeUndefined();
  });
});

test('mqtt: a PINGREQ goes at three quarters of the keep-alive', () => {
  const { player, sent } = withFakeServer(mqtt({ keepAliveSeconds: 60 }));
  player.receive(bytes('20020000'));
  sent();
  vi.advanceTimersByTime(44_000);
  expect(sent()).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(sent().map(hex)).toEqual(['c000']);
});

test.each([
  ['0,0', 'promises none'],
  ['x', 'says nonsense'],
])('stomp: a server that says heart-beat:%s %s, and is kept', (said) => {
  const { player } = withFakeServer(stomp({ heartbeatMs: 5_000 }));
  player.receive(`CONNECTED\nversion:1.2\nheart-beat:${said}\n\n\0`);
  vi.advanceTimersByTime(100_000);
  expect(player.end).toBeUndefined();
});

test.each([
  '0{"sid":"a"}',
  '0{"sid":"a","pingInterval":1e999,"pingTimeout":"x"}',
  '0{"pingInterval":1e999,"pingTimeout":1}',
])('socket.io: a server that says no times is kept: %s', (open) => {
  const { player } = withFakeServer(socketIo());
  for (const frame of [open, '40{"sid":"b"}']) player.receive(frame);
  vi.advanceTimersByTime(200_000);
  expect(player.end).toBeUndefined();
});

test('socket.io: a second open packet begins no second watch', () => {
  const { player } = withFakeServer(socketIo());
  const again = '0{"sid":"a","pingInterval":500,"pingTimeout":500}';
  for (const frame of [OPEN, again, '40{"sid":"b"}']) player.receive(frame);
  vi.advanceTimersByTime(40_000);
  expect(player.end).toBeUndefined();
});

test('times that are no number when they are added up are none to wait for', () => {
  const huge = withFakeServer(socketIo());
  const after = vi.spyOn(huge.player.session, 'after');
  huge.player.receive('0{"sid":"a","pingInterval":1e308,"pingTimeout":1e308}');
  const broker = withFakeServer(stomp({ heartbeatMs: 1_000 }));
  const later = vi.spyOn(broker.player.session, 'after');
  broker.player.receive('CONNECTED\nversion:1.2\nheart-beat:1e308,0\n\n\0');
  expect([after.mock.calls.length, later.mock.calls.length]).toEqual([0, 0]);
});

test('stomp: a server owes nothing after DISCONNECT', () => {
  const { player } = withFakeServer(stomp({ heartbeatMs: 1_000 }));
  const fail = vi.spyOn(player.session, 'fail');
  player.receive('CONNECTED\nversion:1.2\nheart-beat:1000,1000\n\n\0');
  player.goodbye();
  vi.advanceTimersByTime(10_000);
  expect(fail).not.toHaveBeenCalled();
});

test('stomp: a millisecond is no time to judge by', () => {
  const { player } = withFakeServer(stomp({ heartbeatMs: 1 }));
  player.receive('CONNECTED\nversion:1.2\nheart-beat:1,0\n\n\0');
  vi.advanceTimersByTime(1_900);
  expect(player.end).toBeUndefined();
  vi.advanceTimersByTime(200);
  expect(player.end).toBe('dropped: no heart-beat');
});

test('stomp: heart-beat among the headers is refused: it would not be what is watched for', () => {
  const headers = { 'heart-beat': '0,0' };
  expect(() => stomp({ headers })).toThrow('heartbeatMs is for that');
  expect(withFakeServer(stomp({ headers: () => headers })).player.end).toMatch(/script_error.*heartbeatMs is for that/);
});
