import { describe, expect, it } from 'vitest';
import type { Connection, Moment, Vu } from '../../../lib/connection/connection.ts';
import { notesOf } from '../../../lib/connection/notes.ts';
import { readCheckName } from '../../../lib/metrics/words.ts';

/** What is counted of connections that fail or are ended by the other side, by kind and word. */
function noted(urls: string[], run: Partial<Vu['run']>, act: (notes: ReturnType<typeof notesOf>) => void): string[] {
  const words: string[] = [];
  const vu = {
    run: { connections: 100, messageIntervalMs: 5_000, arrives: false, ...run },
    ledger: {
      check: (_: null, checks: Record<string, () => boolean>) =>
        words.push(
          ...Object.keys(checks).map((name) => {
            const { kind, word } = readCheckName(name) ?? {};
            return `${kind}: ${word}`;
          }),
        ),
    },
    startedAt: 100_000,
    conversation: {},
    directory: { urls, secrets: () => [] },
  } as unknown as Vu;
  act(notesOf(vu, {} as Moment));
  return words;
}

const connection = (fields: Partial<Connection> = {}) =>
  ({ index: 0, begunAt: 0, nextSendAt: 0, n: 0, ...fields }) as Connection;

describe('a connection that failed', () => {
  it('is counted at its target, by number and host alone, where there are several', () => {
    const urls = ['ws://a.example.org/?token=hunter2', 'wss://{host}.example.org:8443/x', 'ws://[::1]:8081'];
    const words = noted(urls, {}, ({ atTarget }) => {
      for (const index of [0, 1, 2, 3]) atTarget(connection({ index }), 'dropped');
    });
    expect(words).toEqual([
      'target: 1 a.example.org: dropped',
      'target: 2 {host}.example.org:8443: dropped',
      'target: 3 [::1]:8081: dropped',
      'target: 1 a.example.org: dropped',
    ]);
  });

  it('is not counted so where there is one target', () => {
    expect(noted(['ws://a'], {}, ({ atTarget }) => atTarget(connection(), 'dropped'))).toEqual([]);
  });

  it('is counted at one of 500 targets at most', () => {
    const urls = Array.from({ length: 1_000 }, (_, i) => `ws://host-${i}`);
    const words = noted(urls, {}, ({ atTarget }) => {
      for (let index = 0; index < 1_000; index++) atTarget(connection({ index }), 'not established');
    });
    expect(new Set(words).size).toBe(501);
    expect(words.filter((word) => word === 'target: others: not established')).toHaveLength(500);
  });
});

describe('a connection that failed at an address of a name', () => {
  const told = (url: string, error: string) =>
    noted([url], {}, ({ atAddress }) => atAddress(connection(), 'dropped', error));

  it.each([
    ['dial tcp 127.0.0.2:8081: connect: connection refused', '127.0.0.2'],
    ['dial tcp [::1]:8081: connect: connection refused', '[::1]'],
    ['dial tcp [fe80::1%eth0]:8081: i/o timeout', '[fe80::1%eth0]'],
    ['dial tcp 10.0.0.1:0->10.0.0.7:8081: bind: address already in use', '10.0.0.7'],
    ['read tcp 10.0.0.1:41234->10.0.0.7:8081: read: connection reset by peer', '10.0.0.7'],
    ['write tcp [::1]:41234->[2001:db8::7]:8081: write: broken pipe', '[2001:db8::7]'],
  ])('is counted there: %s', (error, address) => {
    expect(told('wss://{room}.example.org:8443/x?token=hunter2', error)).toEqual([
      `address: {room}.example.org:8443 at ${address}: dropped`,
    ]);
  });

  it.each([
    ['ws://example.org/', 'dial tcp: lookup example.org on 10.0.0.53:53: no such host'],
    ['ws://example.org/', 'websocket: bad handshake'],
    ['ws://example.org/', ''],
    ['ws://10.0.0.7:80/', 'dial tcp 10.0.0.7:80: connect: connection refused'],
    ['ws://[::1]/', 'dial tcp [::1]:80: connect: connection refused'],
  ])('is not where there is none, or it says nothing new: %s, %s', (url, error) => {
    expect(told(url, error)).toEqual([]);
  });

  it('is counted at the names of 500 targets at most', () => {
    const urls = Array.from({ length: 1_000 }, (_, i) => `ws://host-${i}`);
    const words = noted(urls, {}, ({ atAddress }) => {
      for (let index = 0; index < 1_000; index++) {
        atAddress(connection({ index }), 'not established', 'dial tcp 10.0.0.7:80: connect: connection refused');
      }
    });
    expect(new Set(words).size).toBe(501);
    expect(words[0]).toBe('address: host-0 at 10.0.0.7: not established');
  });
});

describe('a connection that the other side ended', () => {
  it('tells its age since opening, since its last request, and since the start', () => {
    const words = noted([], {}, ({ aged }) =>
      // The next request would be due 3 s later, so the last one was 2 s before.
      aged(connection({ begunAt: 107_740, n: 3, nextSendAt: 115_750 }), 112_750),
    );
    expect(words).toEqual(['age: opening 5.0', 'age: request 2.0', 'age: start 12.8']);
  });

  it('has no last request before the first, and no start of its own where connections arrive', () => {
    const words = noted([], { arrives: true }, ({ aged }) => aged(connection({ begunAt: 1_000 }), 62_400));
    expect(words).toEqual(['age: opening 61']);
  });

  it('tells it in a run of up to 1,000 connections; of more, about as many tell it', () => {
    const told = (connections: number) =>
      noted([], { connections, arrives: true }, ({ aged }) => {
        for (let i = 0; i < connections; i++) aged(connection(), 1_000);
      }).length;
    expect(told(1_000)).toBe(1_000);
    // By chance, with a standard deviation of 30.
    expect(told(10_000)).toBeGreaterThan(700);
    expect(told(10_000)).toBeLessThan(1_300);
  });
});
