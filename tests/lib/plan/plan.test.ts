import { describe, expect, it } from 'vitest';
import { groupDigits } from '../../../lib/plan/format.ts';
import { describePlan, planOf } from '../../../lib/plan/plan.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';

const plan = (env: Record<string, string>) => planOf(parseSettings(env));

describe('the plan', () => {
  it('of the standard run ramps in 5 s, holds 20 min and closes at the pace of the ramp', () => {
    expect(plan({})).toMatchObject({ batches: 100, rampMs: 5_000, holdEndMs: 1_205_000, totalMs: 1_211_000 });
  });

  it('counts a last batch that is not full', () => {
    expect(plan({ WS_CONNECTIONS: '101', WS_BATCH_SIZE: '100' })).toMatchObject({ batches: 2, rampMs: 100 });
    expect(plan({ WS_CONNECTIONS: '100', WS_BATCH_SIZE: '100' }).batches).toBe(1);
    expect(plan({ WS_CONNECTIONS: '1', WS_BATCH_SIZE: '100' }).batches).toBe(1);
  });

  it('leaves k6 the time that a hanging handshake and the last reply may take after the planned end', () => {
    for (const env of [
      { WS_PROFILE: 'smoke', WS_HOLD: '1s' },
      { WS_PROFILE: 'soak' },
      { WS_PROFILE: 'smoke', WS_MESSAGE_TIMEOUT: '10m' },
    ] as Record<string, string>[]) {
      const { holdMs, messageTimeoutMs } = parseSettings(env);
      const { totalMs, holdEndMs, graceMs } = plan(env);
      const lastBegins = holdEndMs - holdMs;
      expect(totalMs + graceMs).toBeGreaterThanOrEqual(lastBegins + 60_000);
      expect(totalMs + graceMs).toBeGreaterThanOrEqual(totalMs + messageTimeoutMs);
    }
  });
});

describe('describePlan()', () => {
  it('says in a sentence what will happen', () => {
    expect(describePlan(parseSettings({ WS_URL: 'ws://a:1/?token=hunter2,wss://b' }))).toBe(
      '10,000 connections to ws://a:1/?…, wss://b/ in 100 batches of 100, 50ms apart, held for 20m; 20m11s in all',
    );
    expect(describePlan(parseSettings({ WS_PROFILE: 'smoke' }))).toBe(
      '100 connections to ws://localhost:8081/ in one batch, held for 10s; 11.1s in all',
    );
    expect(describePlan(parseSettings({ WS_CONNECTIONS: '1' }))).toMatch(/^1 connection to /);
  });
});

it.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [1_234_567.6, '1,234,568'],
  [-1_234, '-1,234'],
])('groupDigits(%d) is %s', (value, text) => {
  expect(groupDigits(value)).toBe(text);
});
