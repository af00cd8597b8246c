import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pulseOf, watched } from '../../../lib/connection/pulse.ts';

const START = 1_000_000;

function samples() {
  const lags: unknown[] = [];
  const shares: unknown[] = [];
  const ledger = { lag: (value: unknown) => lags.push(value), busy: (value: unknown) => shares.push(value) };
  return { lags, shares, ledger: ledger as never };
}

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('a pulse', () => {
  it('begins at a random time within its interval, and goes on from beat to beat', () => {
    const { lags, ledger } = samples();
    const pulse = pulseOf(ledger, 1_000, START);
    expect(pulse.beat(START)).toBe(START + 500);
    expect(pulse.beat(START + 499)).toBe(START + 500);
    expect(lags).toEqual([]);
    expect(pulse.beat(START + 500)).toBe(START + 1_500);
    // Late: what it has missed is no more due.
    expect(pulse.beat(START + 4_000)).toBe(START + 5_000);
    expect(lags).toEqual([0, 2_500]);
  });

  it('tells the share of the time that frames took since the last one', () => {
    const { shares, ledger } = samples();
    const pulse = pulseOf(ledger, 1_000, START);
    pulse.handled(START + 100, START + 200);
    pulse.handled(START + 300, START + 350);
    pulse.beat(START + 500);
    pulse.beat(START + 1_500);
    pulse.handled(START + 1_600, START + 9_999);
    pulse.beat(START + 2_500);
    expect(shares).toEqual([0.3, 0, 1]);
  });

  it('tells no share of no time', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { lags, shares, ledger } = samples();
    pulseOf(ledger, 1_000, START).beat(START);
    expect([lags, shares]).toEqual([[0], []]);
  });
});

describe('over k6/ws', () => {
  it('beats by the timers of its connection, and knows the time in frames', () => {
    vi.useFakeTimers({ now: START });
    const { lags, shares, ledger } = samples();
    const frames: string[] = [];
    const receive = (frame: string) => {
      frames.push(frame);
      vi.setSystemTime(Date.now() + 250);
    };
    const timers: [() => void, number][] = [];
    const heard = watched({ ledger, run: { beatMs: 1_000 } }, receive, (callback, ms) => timers.push([callback, ms]));
    expect(timers.map(([, ms]) => ms)).toEqual([500]);
    heard('a');
    vi.setSystemTime(START + 520);
    timers.shift()?.[0]();
    expect(frames).toEqual(['a']);
    expect([lags, shares]).toEqual([[20], [250 / 520]]);
    expect(timers.map(([, ms]) => ms)).toEqual([1_000]);
  });
});
