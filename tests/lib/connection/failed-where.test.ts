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
    directory: () => ({ urls, secrets: () => [] }),
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
      // k6 throws at `::` in the name of a check.
      'target: 3 [: :1]:8081: dropped',
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
