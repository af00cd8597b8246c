import { describe, expect, it } from 'vitest';
import { running } from '../../../lib/generator/running.ts';

describe('a counter that is read now and then', () => {
  it('has a pace from its second reading on, and one of the hold', () => {
    const pace = running();
    expect(pace(10, { atMs: 0, holdFromMs: null })).toEqual({ now: null, hold: null, isNew: false });
    expect(pace(12, { atMs: 1_000, holdFromMs: null })).toEqual({ now: 2, hold: null, isNew: false });
    expect(pace(13, { atMs: 3_000, holdFromMs: 1_000 })).toEqual({ now: 0.5, hold: 0.5, isNew: false });
    expect(pace(19, { atMs: 5_000, holdFromMs: 1_000 })).toEqual({ now: 3, hold: 7 / 4, isNew: false });
    expect(pace(99, { atMs: 6_000, holdFromMs: null })).toEqual({ now: 80, hold: 7 / 4, isNew: false });
  });

  it('that went back begins anew: its process is another, and took nothing below 0', () => {
    const pace = running();
    pace(10, { atMs: 0, holdFromMs: 0 });
    pace(12, { atMs: 1_000, holdFromMs: 0 });
    expect(pace(1, { atMs: 2_000, holdFromMs: 0 })).toEqual({ now: null, hold: 2, isNew: true });
    expect(pace(5, { atMs: 3_000, holdFromMs: 0 })).toEqual({ now: 4, hold: 3, isNew: false });
  });

  it('does not take for the hold what began before it', () => {
    const pace = running();
    pace(0, { atMs: 0, holdFromMs: null });
    expect(pace(100, { atMs: 2_000, holdFromMs: 1_000 })).toMatchObject({ now: 50, hold: null });
    const early = running();
    early(0, { atMs: 900, holdFromMs: null });
    expect(early(11, { atMs: 2_000, holdFromMs: 1_000 }).hold).toBe(10);
  });

  it('has none of less than a second, which counts with the next', () => {
    const pace = running();
    pace(0, { atMs: 0, holdFromMs: 0 });
    expect(pace(90, { atMs: 999, holdFromMs: 0 })).toEqual({ now: null, hold: null, isNew: false });
    expect(pace(100, { atMs: 2_000, holdFromMs: 0 })).toEqual({ now: 50, hold: 50, isNew: false });
  });

  it('of a hold begins with the reading at its start, however short the ramp before it', () => {
    const pace = running();
    pace(0, { atMs: 0, holdFromMs: null });
    pace(90, { atMs: 450, holdFromMs: null });
    expect(pace(100, { atMs: 2_450, holdFromMs: 450 })).toEqual({ now: 100 / 2.45, hold: 5, isNew: false });
    expect(pace(120, { atMs: 4_450, holdFromMs: 450 })).toMatchObject({ now: 10, hold: 7.5 });
  });

  it('has none between two readings of one moment', () => {
    const pace = running();
    pace(0, { atMs: 5, holdFromMs: 0 });
    expect(pace(1, { atMs: 5, holdFromMs: 0 }).now).toBeNull();
  });
});
