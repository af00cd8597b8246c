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
  /** What a collection takes. */
  collectMs?: number;
}

/** k6 with this many VUs, which serves its figures or not; sleeping only moves the clock. */
function watched(env: Record<string, string>, { serves, vus, answering = vus, collectMs = 0 }: K6) {
  const collections: number[] = [];
  const readings: unknown[] = [];
  const get = (url: string, params: { timeout: string }) => {
    timeouts.add(params.timeout);
    if (!serves) throw new Error('connection refused');
    if (url.includes('gc=1')) {
      collections.push(Date.now() - START);
      vi.setSystemTime(Date.now() + collectMs);
    }
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
  watchRun(k6 as unknown as K6Parts, { ...runOf(parseSettings(env), 1), leadMs: LEAD_MS });
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

  it('reads the memory each 5 s, and has garbage collected each 8 s in the hold', () => {
    const env = { WS_CONNECTIONS: '10000', WS_HOLD: '28s' };
    const { collections, readings } = watched(env, { serves: true, vus: 10_001 });
    // The ramp takes 5 s, and so does the close, in which none is worth it.
    expect(collections).toEqual([10_000, 18_000, 26_000]);
    expect(readings.length).toBe(8 + 2);
    expect(new Set(readings)).toEqual(new Set([1234]));
  });

  it('has it collected less often where that takes long: at most a 25th of the time', () => {
    const env = { WS_CONNECTIONS: '10000', WS_HOLD: '70s' };
    const { collections } = watched(env, { serves: true, vus: 10_001, collectMs: 1_000 });
    // The watch counts its own seconds, so each collection moves the later ones.
    expect(collections).toEqual([10_000, 36_000, 62_000]);
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
