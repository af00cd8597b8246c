import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Conversation, Frame } from '../../../lib/conversation/conversation.ts';
import { mqtt } from '../../../lib/conversation/mqtt.ts';
import { socketIo } from '../../../lib/conversation/socket-io.ts';
import { stomp } from '../../../lib/conversation/stomp.ts';
import { bytes, hex, withFakeServer } from './fake-wire.ts';

interface Protocol {
  make: (heartbeat: boolean) => Conversation<never>;
  /** What the server says until the client is ready. */
  login: Frame[];
  /** How long the client waits for a sign of life, in ms. */
  periodMs: number;
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
    periodMs: 45_000,
    sign: bytes('d000'),
    word: 'no PINGRESP',
  },
  stomp: {
    make: (heartbeat) => made(stomp({ heartbeatMs: 5_000, heartbeat })),
    login: ['CONNECTED\nversion:1.2\nheart-beat:8000,0\n\n\0'],
    periodMs: 16_000,
    sign: '\n',
    word: 'no heart-beat',
  },
  'socket.io': {
    make: (heartbeat) => made(socketIo({ heartbeat })),
    login: [OPEN, OPEN, '40{"sid":"b"}'],
    periodMs: 45_000,
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

describe.each(Object.entries(PROTOCOLS))('%s: a server', (_name, { make, login, periodMs, sign, word }) => {
  function loggedIn(heartbeat = true) {
    const fake = withFakeServer(make(heartbeat));
    for (const frame of login) fake.player.receive(frame);
    expect(fake.counts.ready).toBe(true);
    return fake;
  }

  test('whose heartbeats come is kept, though they come late in each period', () => {
    const { player, counts } = loggedIn();
    for (let period = 0; period < 5; period++) {
      vi.advanceTimersByTime(periodMs * 0.9);
      player.receive(sign);
      vi.advanceTimersByTime(periodMs * 0.1);
    }
    expect(player.end).toBeUndefined();
    expect(counts.unexpected).toBe(0);
  });

  test('whose heartbeats stop is dropped after a whole period', () => {
    const { player } = loggedIn();
    vi.advanceTimersByTime(periodMs * 1.5);
    player.receive(sign);
    vi.advanceTimersByTime(periodMs * 1.4);
    expect(player.end).toBeUndefined();
    vi.advanceTimersByTime(periodMs * 0.2);
    expect(player.end).toBe(`dropped: ${word}`);
  });

  test('is not blamed for a period in which the client itself stood still', () => {
    const { player } = loggedIn();
    vi.advanceTimersByTime(periodMs * 1.1);
    vi.setSystemTime(Date.now() + periodMs / 2);
    vi.advanceTimersByTime(periodMs);
    expect(player.end).toBeUndefined();
    vi.advanceTimersByTime(periodMs);
    expect(player.end).toBe(`dropped: ${word}`);
  });

  test('is not watched where heartbeats are left out', () => {
    const { player } = loggedIn(false);
    vi.advanceTimersByTime(periodMs * 5);
    expect(player.end).toBeUndefined();
  });
});

test('mqtt: each period but the first has its PINGREQ', () => {
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
