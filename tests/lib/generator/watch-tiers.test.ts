import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { K6Parts } from '../../../lib/generator/memory.ts';
import { watchTiers } from '../../../lib/generator/watch-tiers.ts';

/** When the connections of the first tier start; the watch starts before. */
const START = 1_000_000;
const LEAD_MS = 300;
const WATCHED = {
  generatorAddress: '127.0.0.1:1',
  leadMs: LEAD_MS,
  tiers: [
    { connections: 1_000, endMs: 12_000 },
    { connections: 5_000, endMs: 20_000 },
  ],
};

beforeEach(() => {
  vi.useFakeTimers({ now: START - LEAD_MS });
});

afterEach(() => {
  vi.useRealTimers();
});

/** The readings of a watch: when, in ms since the start of the connections, and for which tier. */
function readings({ serves, isOwn = true }: { serves: boolean; isOwn?: boolean }): [atMs: number, tier: string][] {
  const read: [number, string][] = [];
  let number = 0;
  const get = (url: string) => {
    if (!serves) throw new Error('connection refused');
    if (url.endsWith('/generator_identity')) return { body: `"sample":{"value":${isOwn ? number : 5}}` };
    return { body: '# MaxRSS = 1234\n' };
  };
  watchTiers(
    {
      http: { get },
      exec: { scenario: { startTime: START - LEAD_MS } },
      generatorIdentity: (given: number) => {
        number = given;
      },
      sleep: (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000),
      generatorMemory: (_bytes: number, { tier }: { tier: string }) => read.push([Date.now() - START, tier]),
    } as unknown as K6Parts,
    WATCHED,
  );
  return read;
}

it('reads the memory for each tier each 5 s and, which is the reading that counts, at its end', () => {
  expect(readings({ serves: true })).toEqual([
    [-300, '1000'],
    [4_700, '1000'],
    [9_700, '1000'],
    [12_000, '1000'],
    [12_000, '5000'],
    [17_000, '5000'],
    [20_000, '5000'],
  ]);
});

it('gives up where k6 serves nothing, or another one does', () => {
  expect(readings({ serves: false })).toEqual([]);
  expect(Date.now() - START).toBe(-LEAD_MS);
  expect(readings({ serves: true, isOwn: false })).toEqual([]);
});
