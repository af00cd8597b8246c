import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type K6Parts, readLastMemory, watchRun } from '../../../lib/generator/memory.ts';
import { runOf } from '../../../lib/plan/run.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { ECHO } from '../some-traits.ts';

/** When the connections start; the watch starts before. */
const START = 1_000_000;
const LEAD_MS = 300;

/** Who serves figures at the address. */
type Served = 'own' | 'a stranger’s' | 'none';

/** k6, which serves its figures or not; sleeping only moves the clock. */
function aK6(served: Served) {
  const readings: { atMs: number; bytes: unknown }[] = [];
  const live: number[] = [];
  const paths = new Set<string>();
  const timeouts = new Set<string>();
  let number = 0;
  const get = (url: string, params: { timeout: string }) => {
    timeouts.add(params.timeout);
    paths.add(url.replace(/^http:\/\/[^/]*/, ''));
    if (served === 'none') throw new Error('connection refused');
    if (url.endsWith('/generator_identity')) return { body: `"sample":{"value":${served === 'own' ? number : 5}}` };
    return { body: url.includes('/pprof/') ? '# MaxRSS = 1234\n' : '"sample":{"count":7}' };
  };
  const parts = {
    http: { get },
    exec: { scenario: { startTime: START - LEAD_MS }, test: { options: {} } },
    sleep: (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000),
    generatorIdentity: (given: number) => {
      number = given;
    },
    generatorMemory: (bytes: unknown) => readings.push({ atMs: Date.now() - START, bytes }),
    connectionsNow: (count: number) => live.push(count),
    connectionsDue: () => {},
  } as unknown as K6Parts;
  return { parts, readings, live, paths, timeouts };
}

function watched(env: Record<string, string>, served: Served) {
  const { parts, ...seen } = aK6(served);
  watchRun(parts, { ...runOf(parseSettings(env), 1, ECHO), leadMs: LEAD_MS });
  return { ...seen, endedAt: Date.now() - START };
}

beforeEach(() => {
  vi.useFakeTimers({ now: START - LEAD_MS });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the watch', () => {
  const env = { WS_CONNECTIONS: '10000', WS_HOLD: '28s' };

  it('gives up an address that never answers: k6 would wait for it for a minute, and end with an error', () => {
    expect([...watched(env, 'own').timeouts]).toEqual(['10s']);
  });

  it('reads the memory each 5 s from the start of the connections on, and the live figures each second', () => {
    const { readings, live } = watched(env, 'own');
    expect(readings.map(({ atMs }) => atMs)).toEqual([0, 5, 10, 15, 20, 25, 30, 35].map((second) => second * 1_000));
    expect(new Set(readings.map(({ bytes }) => bytes))).toEqual(new Set([1234]));
    // Until the planned end: 5 s of ramp, 28 of hold, 5 of close and one to spare.
    expect(live).toEqual(Array.from({ length: 38 }, () => 7));
  });

  it('only reads: it has k6 do nothing', () => {
    expect([...watched(env, 'own').paths].sort()).toEqual([
      '/debug/pprof/heap?debug=1',
      '/v1/metrics/generator_identity',
      '/v1/metrics/ws_connections_open',
    ]);
  });

  it.each<Served>(['a stranger’s', 'none'])('ends where the figures are %s, and shows none', (served) => {
    const { readings, live, endedAt } = watched(env, served);
    expect(readings).toEqual([]);
    // Until the planned end: 5 s of ramp, 28 of hold, 5 of close and one to spare.
    expect(live).toEqual([]);
    expect(endedAt).toBeLessThanOrEqual(3_000);
  });
});

describe('the last reading', () => {
  it.each<[Served, number]>([
    ['own', 1],
    ['a stranger’s', 0],
    ['none', 0],
  ])('of figures that are %s adds %i', (served, count) => {
    const { parts, readings } = aK6(served);
    readLastMemory(parts, '127.0.0.1:1');
    expect(readings).toHaveLength(count);
  });
});
