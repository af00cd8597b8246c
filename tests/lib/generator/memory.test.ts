import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type K6Parts, watchRun } from '../../../lib/generator/memory.ts';
import { runOf } from '../../../lib/plan/run.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';

/** When the connections start; the watch starts before. */
const START = 1_000_000;
const LEAD_MS = 300;

interface K6 {
  serves: boolean;
  vus: number;
  /** VUs of the k6 that answers, when that is another one. */
  answering?: number;
  perVu?: number;
}

/** k6 with this many VUs, which serves its figures or not; sleeping only moves the clock. */
function watched(env: Record<string, string>, { serves, vus, answering = vus, perVu = 1 }: K6) {
  const collections: number[] = [];
  const readings: unknown[] = [];
  const get = (url: string, params: { timeout: string }) => {
    timeouts.add(params.timeout);
    if (!serves) throw new Error('connection refused');
    if (url.includes('gc=1')) collections.push(Date.now() - START);
    return { body: url.endsWith('/v1/status') ? `"vus-max":${answering},` : '# MaxRSS = 1234\n' };
  };
  const k6 = {
    http: { get },
    exec: { scenario: { startTime: START - LEAD_MS }, test: { options: {} }, instance: { vusInitialized: vus } },
    sleep: (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000),
    generatorMemory: (bytes: unknown) => readings.push(bytes),
    connectionsNow: () => {},
    connectionsDue: () => {},
  };
  watchRun(k6 as unknown as K6Parts, { ...runOf(parseSettings(env), perVu), leadMs: LEAD_MS });
  return { collections, readings, endedAt: Date.now() - START };
}

const timeouts = new Set<string>();

beforeEach(() => {
  vi.useFakeTimers({ now: START - LEAD_MS });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the watch', () => {
  it('gives up an address that never answers: k6 would wait for it for a minute, and end with an error', () => {
    watched({ WS_CONNECTIONS: '10000', WS_HOLD: '70s' }, { serves: true, vus: 10_001 });
    expect([...timeouts]).toEqual(['10s']);
  });

  it('reads the memory each 5 s, and has garbage collected when the hold begins and each 30 s', () => {
    const env = { WS_CONNECTIONS: '10000', WS_HOLD: '70s' };
    const { collections, readings, endedAt } = watched(env, { serves: true, vus: 10_001 });
    // The ramp takes 5 s.
    expect(collections).toEqual([10_000, 40_000, 70_000]);
    expect(readings.length).toBe(Math.ceil(endedAt / 5_000));
    expect(new Set(readings)).toEqual(new Set([1234]));
  });

  it('has garbage collected each 8 s where a VU holds many connections: there it costs a fifth', () => {
    const env = { WS_CONNECTIONS: '10000', WS_HOLD: '30s' };
    const { collections, readings } = watched(env, { serves: true, vus: 101, perVu: 100 });
    expect(collections).toEqual([10_000, 18_000, 26_000, 34_000]);
    // Each 5 s besides.
    expect(readings.length).toBe(11);
  });

  it('ends at once where another k6 answers, which most likely has another number of VUs', () => {
    const { readings, endedAt } = watched({ WS_CONNECTIONS: '100' }, { serves: true, vus: 101, answering: 1_011 });
    expect(readings).toEqual([]);
    expect(endedAt).toBe(0);
  });

  it('ends at once where k6 serves nothing', () => {
    const { readings, endedAt } = watched({ WS_CONNECTIONS: '10000', WS_HOLD: '30s' }, { serves: false, vus: 10_001 });
    expect(readings).toEqual([]);
    expect(endedAt).toBe(0);
  });
});
