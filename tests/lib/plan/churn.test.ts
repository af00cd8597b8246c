import { describe, expect, it } from 'vitest';
import { churnOptions, churnPlan, describeChurn } from '../../../lib/plan/churn.ts';
import type { RunEnv } from '../../../lib/plan/run.ts';
import { runFrom } from '../../../lib/scenario/run-from.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { ECHO } from '../some-traits.ts';

const churn = (env: Record<string, string> = {}) =>
  parseSettings({ WS_RATE: '200', WS_LIFETIME: '2s', WS_CHURN: '30s', ...env });

describe('the plan of a churn', () => {
  it('plans rate times duration connections, with VUs for their life and a second more', () => {
    expect(churnPlan(churn())).toMatchObject({ settings: { connections: 6_000 }, concurrent: 400, vus: 600 });
  });

  it.each([
    { env: {}, interval: 500 },
    { env: { WS_MESSAGE_INTERVAL: '100ms' }, interval: 100 },
    { env: { WS_LIFETIME: '20ms' }, interval: 10 },
  ])('sends every $interval ms with $env: four messages in a life, or more when asked', ({ env, interval }) => {
    expect(churnPlan(churn(env)).settings.messageIntervalMs).toBe(interval);
  });

  it('makes all VUs before the start', () => {
    const scenario = churnOptions(churn(), ECHO, {}).scenarios?.['connections'];
    expect(scenario).toMatchObject({
      executor: 'constant-arrival-rate',
      // After the watch (WATCH_LEAD_MS).
      startTime: '100ms',
      rate: 200,
      timeUnit: '1s',
      duration: '30000ms',
      preAllocatedVUs: 600,
      maxVUs: 600,
    });
    const { env } = scenario as unknown as { env: RunEnv };
    expect(runFrom(env)).toMatchObject({ connections: 6_000, arrives: true, closeMs: 2_000, batchDelayMs: 0 });
  });

  it('waits for the longest handshake, and for the last reply of a long life', () => {
    const grace = (env: Record<string, string>) =>
      churnOptions(churn(env), ECHO, {}).scenarios?.['connections']?.gracefulStop;
    expect(grace({})).toBe('65000ms');
    expect(grace({ WS_LIFETIME: '2m', WS_RATE: '1' })).toBe('140000ms');
  });

  it('refuses what needs more VUs than a process can have', () => {
    expect(() => churnPlan(churn({ WS_LIFETIME: '10m' }))).toThrow(
      /WS_RATE=200 with WS_LIFETIME=10m needs 120,200 VUs: at most 50,000/,
    );
  });

  it('is told in one sentence', () => {
    expect(describeChurn(churn(), ECHO)).toBe(
      '200 new connections per second to ws://localhost:8081/ for 30s, 6,000 in all, each for 2s, a message each 500ms: about 400 at a time',
    );
    const asSet = churn({ WS_MESSAGE_INTERVAL: '100ms' });
    expect(describeChurn(asSet, ECHO)).toMatch(/each for 2s: about 400 at a time/);
    expect(describeChurn(churn(), { kinds: [] })).toMatch(/each for 2s: about 400 at a time/);
  });
});
