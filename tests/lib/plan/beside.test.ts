import { describe, expect, it } from 'vitest';
import { besidePlan, besideScenario, plannedMs } from '../../../lib/plan/beside.ts';
import { churnOptions } from '../../../lib/plan/churn.ts';
import { concurrentOptions } from '../../../lib/plan/concurrent.ts';
import { multiplexedOptions } from '../../../lib/plan/multiplexed.ts';
import { readingsOf } from '../../../lib/plan/readings.ts';
import { stormSettings } from '../../../lib/plan/storm.ts';
import { tiersOptions } from '../../../lib/plan/tiers.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import type { Scenario, Settings } from '../../../lib/settings/settings.ts';
import { ECHO } from '../some-traits.ts';

/** With the length that k6's options have. */
const besidePlanOf = (scenario: Scenario, own: Settings) =>
  besidePlan(scenario, own, plannedMs(optionsOf(scenario, own)));
const optionsOf = (scenario: Scenario, own: Settings) => {
  if (scenario === 'tiers') return tiersOptions(own, ECHO, {});
  if (scenario === 'churn') return churnOptions(own, ECHO, {});
  if (scenario === 'multiplexed') return multiplexedOptions(own, ECHO, {});
  return concurrentOptions(scenario === 'storm' ? stormSettings(own) : own, ECHO, {});
};
const settings = (env: Record<string, string>) => parseSettings({ WS_PROFILE: 'smoke', ...env });

describe('what is held when', () => {
  const one = settings({ WS_CONNECTIONS: '1000', WS_BATCH_SIZE: '100', WS_HOLD: '12s' });

  it('is the hold of one ramp', () => {
    expect(besidePlanOf('concurrent', one)).toEqual({ holds: [{ fromMs: 500, toMs: 12_500 }], totalMs: 14_000 });
    expect(besidePlanOf('multiplexed', one)).toEqual(besidePlanOf('concurrent', one));
  });

  it('is the hold after the one batch of a storm', () => {
    expect(besidePlanOf('storm', one)).toEqual({ holds: [{ fromMs: 50, toMs: 12_050 }], totalMs: 13_100 });
  });

  it('is each tier', () => {
    const tiers = settings({ WS_TIERS: '100,200', WS_TIER_HOLD: '3s', WS_TIER_PAUSE: '1s' });
    expect(besidePlanOf('tiers', tiers)).toEqual({
      holds: [
        { fromMs: 50, toMs: 3_050 },
        { fromMs: 5_200, toMs: 8_200 },
      ],
      totalMs: 9_300,
    });
  });

  it('is all of a churn', () => {
    expect(besidePlanOf('churn', settings({ WS_CHURN: '20s', WS_LIFETIME: '2s' }))).toEqual({
      holds: [{ fromMs: 0, toMs: 20_000 }],
      totalMs: 23_000,
    });
  });
});

describe('the readings', () => {
  it('are at the start, at the ends of the hold, and in equal steps of 5 s at most', () => {
    expect(readingsOf({ holds: [{ fromMs: 500, toMs: 12_500 }], totalMs: 14_000 })).toEqual([
      { atMs: 0, holdFromMs: null },
      { atMs: 500, holdFromMs: null },
      { atMs: 4_500, holdFromMs: 500 },
      { atMs: 8_500, holdFromMs: 500 },
      { atMs: 12_500, holdFromMs: 500 },
      { atMs: 14_000, holdFromMs: null },
    ]);
  });

  it('know which of several holds they belong to, also one from the start', () => {
    const holds = [
      { fromMs: 0, toMs: 1_000 },
      { fromMs: 2_000, toMs: 3_000 },
    ];
    expect(readingsOf({ holds, totalMs: 3_000 }).map(({ holdFromMs }) => holdFromMs)).toEqual([null, 0, null, 2_000]);
  });
});

describe('the VU that reads', () => {
  it('is one of its own, and has no address in what k6 shows of it', () => {
    const scenario = besideScenario({ holds: [], totalMs: 1_000 });
    expect(scenario).toMatchObject({ vus: 1, iterations: 1, exec: 'watch', maxDuration: '1100ms' });
    expect(JSON.stringify(scenario)).not.toContain('http');
  });
});
