import { describe, expect, it } from 'vitest';
import {
  capacityOptions,
  capacityPlan,
  describeCapacity,
  judgedFrom,
  type StepPlan,
} from '../../../lib/plan/capacity.ts';
import { WATCH_LEAD_MS } from '../../../lib/plan/options.ts';
import type { RunEnv } from '../../../lib/plan/run.ts';
import { runFrom } from '../../../lib/scenario/run-from.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { ECHO, LISTEN } from '../some-traits.ts';

const settingsOf = (env: Record<string, string>) => parseSettings({ WS_CONNECTIONS: '5000', ...env });
const planOf = (env: Record<string, string>) => capacityPlan(settingsOf(env), ECHO);

describe('the plan of the steps', () => {
  it('is ten of them, if the user does not say', () => {
    expect(planOf({}).plans.map(({ connections }) => connections)).toEqual([
      500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000, 4_500, 5_000,
    ]);
  });

  it('ends with as many as are asked for', () => {
    expect(planOf({ WS_STEP: '2000' }).plans).toMatchObject([
      { connections: 2_000, tag: '2000' },
      { connections: 4_000, tag: '4000' },
      { connections: 5_000, tag: '5000' },
    ]);
    expect(capacityPlan(parseSettings({ WS_CONNECTIONS: '3' }), ECHO).plans).toHaveLength(3);
  });

  it('holds each for its time after its batches, then leaves k6 time to judge', () => {
    const { plans, eachMs, endMs, fromMs, toMs, holdEndMs, totalMs } = planOf({ WS_STEP_HOLD: '24s' });
    expect({ endMs, eachMs }).toEqual({ endMs: 24_250, eachMs: 27_250 });
    expect(plans.map((plan) => plan.endMs)).toEqual(plans.map((_, i) => i * eachMs + endMs));
    // k6 judges each 2 s.
    const judgedMs = Number.parseInt(judgedFrom(plans[0] as StepPlan), 10) - 100;
    expect(judgedMs).toBeGreaterThan(endMs);
    expect(judgedMs + 2_000).toBeLessThan(eachMs);
    expect({ fromMs, toMs }).toEqual({ fromMs: 250 + 3_000, toMs: 24_250 - 3_000 });
    expect(holdEndMs).toBe(10 * eachMs);
    expect(totalMs).toBeGreaterThan(holdEndMs + 2_500);
  });

  it('judges so much of a step of 30 s that one slow second is less than 5 % of it', () => {
    const { fromMs, toMs } = planOf({});
    expect(1_000 / (toMs - fromMs)).toBeLessThan(0.05);
  });

  it.each([
    [
      { WS_STEP: '5001' },
      'WS_STEP=5001 is more than WS_CONNECTIONS=5000: expected at most as many, for example WS_STEP=500',
    ],
    [
      { WS_STEP: '99' },
      'WS_STEP=99 makes 51 steps of WS_CONNECTIONS=5000: expected at most 50 steps, for example WS_STEP=100',
    ],
  ])('refuses %j', (env, problem) => {
    expect(() => planOf(env)).toThrow(problem);
  });
});

describe('the options of capacity', () => {
  it('bring all that a VU has to know', () => {
    const settings = settingsOf({ WS_STEP_HOLD: '4s' });
    const { size, eachMs, fromMs, toMs, endMs, holdEndMs, totalMs } = capacityPlan(settings, ECHO);
    const { connections } = capacityOptions(settings, ECHO, {}).scenarios ?? {};
    expect(connections).toMatchObject({
      executor: 'ramping-vus',
      startTime: `${WATCH_LEAD_MS}ms`,
      stages: [{ target: 50 }, { target: 50 }, {}, {}],
    });
    expect(runFrom(connections?.env as RunEnv)).toMatchObject({
      connections: 5_000,
      steps: { size, eachMs, fromMs, toMs, endMs },
      closeMs: holdEndMs + 250,
      totalMs,
    });
  });

  it('keep enough times of replies for a percentile of the first of many steps', () => {
    const settings = parseSettings({ WS_CONNECTIONS: '50000', WS_STEP: '1000', WS_MESSAGE_INTERVAL: '1s' });
    const { connections } = capacityOptions(settings, ECHO, {}).scenarios ?? {};
    const { sampleShare = 0 } = runFrom(connections?.env as RunEnv) ?? {};
    expect(sampleShare).toBeLessThan(1);
    expect(sampleShare * 1_000 * 22).toBeGreaterThan(500);
  });

  it('are refused where a step would be judged by next to nothing', () => {
    const settings = settingsOf({ WS_CONNECTIONS: '60', WS_STEP_HOLD: '2s', WS_MESSAGE_INTERVAL: '60s' });
    expect(() => capacityOptions(settings, ECHO, {})).toThrow(
      'WS_MESSAGE_INTERVAL=1m leaves the first step of 6 connections about 0.1 messages in WS_STEP_HOLD=2s, too few to judge it by: expected a shorter interval, larger steps or a longer hold, for example WS_MESSAGE_INTERVAL=1.5s',
    );
    expect(() => capacityOptions(settings, LISTEN, {})).not.toThrow();
  });
});

it('says what will be done in a sentence', () => {
  expect(describeCapacity(settingsOf({ WS_STEP: '1000', WS_URL: 'ws://h/?token=secret' }), ECHO)).toBe(
    'up to 5,000 connections to ws://h/?… in 5 steps of 1,000 in batches of 100, 50ms apart, each step held for 30s; at most 2m51s in all',
  );
});
