import { describe, expect, it } from 'vitest';
import { tierPlans } from '../../lib/plan/tiers.ts';
import { parseSettings } from '../../lib/settings/parse.ts';
import { churnTargets } from '../../thresholds/for-churn.ts';
import { tiersThresholds, tierTargets } from '../../thresholds/for-tiers.ts';
import { ECHO } from '../lib/some-traits.ts';

describe('the targets of the tiers', () => {
  it("are the guide's table, each row on the samples of its own tier", () => {
    expect(tiersThresholds(parseSettings({}), ECHO)).toMatchObject({
      'ws_connect_success{scenario:tier_1000}': expect.arrayContaining(['rate>0.95', 'rate>0']),
      'ws_connect_success{scenario:tier_5000}': expect.arrayContaining(['rate>0.9', 'rate>0']),
      'ws_connect_success{scenario:tier_10000}': expect.arrayContaining(['rate>0.8', 'rate>0']),
      'ws_establish_time{scenario:tier_1000}': ['max<5000'],
      'ws_establish_time{scenario:tier_5000}': ['max<15000'],
      'ws_establish_time{scenario:tier_10000}': ['max<30000'],
      'generator_memory{tier:1000}': ['value<500000000'],
      'generator_memory{tier:5000}': ['value<1000000000'],
      'generator_memory{tier:10000}': ['value<2000000000'],
    });
  });

  it('fail a tier without samples and a tier that is out of balance', () => {
    expect(tiersThresholds(parseSettings({ WS_TIERS: '7' }), ECHO)).toMatchObject({
      'ws_connect_attempts{scenario:tier_7}': ['count>0'],
      'ws_messages_sent{scenario:tier_7}': ['count>0'],
      'ws_connects_unattempted{scenario:tier_7}': ['count==0'],
      'ws_connects_pending{scenario:tier_7}': ['count==0'],
      'ws_connections_open{scenario:tier_7}': ['count==0'],
      'ws_messages_pending{scenario:tier_7}': ['count==0'],
    });
  });

  it('judge nothing over the whole run, where a good tier would hide a bad one', () => {
    const thresholds = tiersThresholds(parseSettings({}), ECHO);
    const judging = Object.entries(thresholds).filter(
      ([metric, list]) => !/\{(scenario|tier):/.test(metric) && list.some((text) => !/(count|rate|max)>=0$/.test(text)),
    );
    expect(judging).toEqual([]);
  });

  it('are named by the size of their tier', () => {
    const [, second] = tierPlans(parseSettings({}));
    expect(second && tierTargets(second, ECHO).map(({ name }) => name)).toContain('connect success of 5,000');
  });
});

describe('the targets of a churn', () => {
  const targets = churnTargets(parseSettings({ WS_RATE: '1000', WS_LIFETIME: '2s' }), ECHO);

  it('are for as many connections as live at a time', () => {
    expect(targets.find(({ metric }) => metric === 'ws_connect_success')?.limit).toBe(0.9);
    expect(targets.find(({ metric }) => metric === 'generator_memory')?.limit).toBe(1e9);
  });

  it('count a dropped iteration as a miss, and once', () => {
    expect(targets.find(({ metric }) => metric === 'dropped_iterations')).toMatchObject({ operator: '==', limit: 0 });
    expect(targets.map(({ metric }) => metric)).not.toContain('ws_establish_time');
    // 1,000 a second for 60 s: 2 % of them, and one more.
    expect(targets.find(({ metric }) => metric === 'ws_connects_unattempted')).toMatchObject({
      operator: '<',
      limit: 1_201,
    });
    const [few] = churnTargets(parseSettings({ WS_RATE: '1', WS_CHURN: '2s' }), ECHO).filter(
      ({ metric }) => metric === 'ws_connects_unattempted',
    );
    expect(few?.limit).toBe(2);
  });
});
