import { describe, expect, it } from 'vitest';
import { WATCH_LEAD_MS } from '../../../lib/plan/options.ts';
import { planOf } from '../../../lib/plan/plan.ts';
import type { RunEnv } from '../../../lib/plan/run.ts';
import { describeTiers, tierPlans, tiersOptions } from '../../../lib/plan/tiers.ts';
import { runFrom } from '../../../lib/scenario/run-from.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { ECHO } from '../some-traits.ts';

const settings = parseSettings({ WS_TIERS: '1000,300,1000,50', WS_TIER_HOLD: '3s', WS_TIER_PAUSE: '2s' });

describe('the plan of the tiers', () => {
  it('has each size once, in ascending order, each with the hold of the tiers', () => {
    expect(
      tierPlans(settings).map(({ name, settings: { connections, holdMs } }) => [name, connections, holdMs]),
    ).toEqual([
      ['tier_50', 50, 3_000],
      ['tier_300', 300, 3_000],
      ['tier_1000', 1_000, 3_000],
    ]);
  });

  it('starts each tier the pause after the planned end of the one before', () => {
    const tiers = tierPlans(settings);
    let endMs = -2_000;
    for (const tier of tiers) {
      expect(tier.startMs).toBe(endMs + 2_000);
      expect(tier.endMs - tier.startMs).toBe(planOf(tier.settings).totalMs);
      endMs = tier.endMs;
    }
  });

  it('is one k6 scenario for each tier, with the tier as its run, and one that watches until the last has ended', () => {
    const { scenarios = {} } = tiersOptions(settings, ECHO, {});
    expect(Object.keys(scenarios)).toEqual(['tier_50', 'tier_300', 'tier_1000', 'generator']);
    const [, second] = tierPlans(settings);
    const { startTime, env } = scenarios['tier_300'] as unknown as { startTime: string; env: RunEnv };
    expect(startTime).toBe(`${WATCH_LEAD_MS + (second?.startMs ?? 0)}ms`);
    expect(runFrom(env)).toMatchObject({ connections: 300, perVu: 100, arrives: false });
    const watch = scenarios['generator'] as unknown as { env: { RUN: string }; maxDuration: string };
    const ends = tierPlans(settings).map(({ settings: { connections }, endMs }) => ({ connections, endMs }));
    expect(JSON.parse(watch.env.RUN).tiers).toEqual(ends);
    expect(watch.maxDuration).toBe(`${WATCH_LEAD_MS + (ends[2]?.endMs ?? 0)}ms`);
  });

  it('is told in one sentence', () => {
    expect(describeTiers(settings)).toBe(
      '50, then 300, then 1,000 connections to ws://localhost:8081/ in batches of 100, 50ms apart, each tier held for 3s, 2s between tiers; 17.4s in all',
    );
  });
});
