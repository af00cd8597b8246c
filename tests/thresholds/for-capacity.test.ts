import { describe, expect, it } from 'vitest';
import { capacityPlan, type StepPlan } from '../../lib/plan/capacity.ts';
import { parseSettings } from '../../lib/settings/parse.ts';
import { capacityThresholds, stepTargets } from '../../thresholds/for-capacity.ts';
import { CHAT, ECHO, LISTEN } from '../lib/some-traits.ts';

const settingsOf = (env: Record<string, string> = {}) => parseSettings({ WS_CONNECTIONS: '1000', ...env });
const ending = (threshold: string, delayAbortEval: string) => ({ threshold, abortOnFail: true, delayAbortEval });

describe('the targets of a step', () => {
  it('end the test, each not before the end of its step', () => {
    const thresholds = capacityThresholds(settingsOf({ WS_STEP_HOLD: '10s', WS_MAX_ROUND_TRIP: '500ms' }), ECHO);
    const first = (threshold: string) => ending(threshold, '10650ms');
    const second = (threshold: string) => ending(threshold, '23700ms');
    expect(thresholds).toMatchObject({
      'ws_step_connect_success{step:100}': [first('rate>0.95'), first('rate>0')],
      'ws_step_held{step:100}': [first('rate>0.95')],
      'ws_message_success{step:100}': [first('rate>0.95'), first('rate>0')],
      'ws_message_rtt{step:100}': [first('p(95)<500')],
      'ws_connect_time{step:100}': [first('max<10000')],
      'ws_step_held{step:200}': [second('rate>0.95')],
    });
  });

  it('fail without samples; nobody is to blame whose step was never written down', () => {
    expect(capacityThresholds(settingsOf({ WS_STEP_HOLD: '10s' }), ECHO)).toMatchObject({
      'ws_messages_sent{step:100}': [ending('count>0', '10650ms')],
      'ws_step_planned{step:100}': [{ threshold: 'count>0', abortOnFail: false }],
    });
  });

  it('are those of its conversation', () => {
    const namesOf = (traits: typeof ECHO, env = {}) => {
      const settings = settingsOf(env);
      const [step] = capacityPlan(settings, traits).plans;
      return stepTargets(settings, traits, step as StepPlan).map(({ name }) => name.replace(' at 100', ''));
    };
    expect(namesOf(LISTEN, { WS_MAX_ROUND_TRIP: '1s' })).toEqual([
      'connect success',
      'connections held',
      'connect time',
    ]);
    expect(namesOf(CHAT, { WS_MAX_ROUND_TRIP: '1s', WS_MAX_DELIVERY_TIME: '1s' })).toEqual([
      'connect success',
      'logins',
      'connections held',
      'message success',
      'round trip p95',
      'deliveries',
      'delivery p95',
      'connect time',
    ]);
  });

  it('let less than half a step be missing, and never 5 %', () => {
    const asked = (env: Record<string, string>, at: number) => {
      const settings = parseSettings(env);
      const step = capacityPlan(settings, ECHO).plans.find(({ connections }) => connections === at) as StepPlan;
      return stepTargets(settings, ECHO, step)[0]?.limit;
    };
    expect(asked({ WS_CONNECTIONS: '10000' }, 1_000)).toBe(0.95);
    expect(asked({ WS_CONNECTIONS: '10000' }, 10_000)).toBe(0.95);
    expect(asked({ WS_CONNECTIONS: '10000', WS_STEP: '200' }, 10_000)).toBe(0.99);
    expect(asked({ WS_CONNECTIONS: '10000', WS_MIN_CONNECT_SUCCESS: '0.5' }, 10_000)).toBe(0.5);
  });

  it('let as few replies be missing, so that a server that says nothing on a part of them holds no more', () => {
    const asked = (env: Record<string, string>, at: number) => {
      const settings = parseSettings(env);
      const step = capacityPlan(settings, ECHO).plans.find(({ connections }) => connections === at) as StepPlan;
      return stepTargets(settings, ECHO, step).find(({ name }) => name.startsWith('message success'))?.limit;
    };
    // Of 120 connections 109 are answered: 90.83 %.
    expect(asked({ WS_CONNECTIONS: '120', WS_STEP: '20' }, 120)).toBe(0.95);
    const finest = { WS_CONNECTIONS: '10000', WS_STEP: '200' };
    expect(asked(finest, 10_000)).toBe(0.99);
    expect(asked({ ...finest, WS_MIN_MESSAGE_SUCCESS: '0.5' }, 10_000)).toBe(0.5);
    expect(asked({ ...finest, WS_MIN_CONNECT_SUCCESS: '0.5' }, 10_000)).toBe(0.99);
    // About 50 messages, and about 12: one that got lost is 2 % and 8 %.
    expect(asked({ WS_CONNECTIONS: '50', WS_STEP: '1', WS_MESSAGE_INTERVAL: '22s' }, 50)).toBeLessThan(0.98);
    expect(asked({ WS_CONNECTIONS: '120', WS_STEP: '12', WS_MESSAGE_INTERVAL: '22s' }, 12)).toBe(0.9);
  });
});

it('the memory of k6 is a target only if the user asks for it', () => {
  expect(capacityThresholds(settingsOf(), ECHO)).not.toHaveProperty('generator_memory');
  expect(capacityThresholds(settingsOf({ WS_MAX_MEMORY: '1GB' }), ECHO)).toHaveProperty('generator_memory');
});
