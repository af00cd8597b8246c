import { expect, it } from 'vitest';
import { FEW, LAG_STEP, lagStep, MAX_SAMPLES, plannedMessages, sampleShare } from '../../../lib/plan/sampling.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { ECHO, LISTEN } from '../some-traits.ts';

const messages = (env: Record<string, string>, traits = ECHO) => plannedMessages(parseSettings(env), traits);

it('keeps all of a short run', () => {
  for (const env of [{ WS_PROFILE: 'smoke' }, { WS_CONNECTIONS: '1000', WS_HOLD: '90s', WS_MESSAGE_INTERVAL: '5s' }]) {
    expect(sampleShare(messages(env))).toBe(1);
  }
});

it('keeps of a longer one about as many as it may, whatever its length', () => {
  for (const env of [
    { WS_PROFILE: 'soak', WS_MESSAGE_INTERVAL: '1s' },
    { WS_PROFILE: 'production' },
    { WS_CONNECTIONS: '1000', WS_HOLD: '5m', WS_MESSAGE_INTERVAL: '50ms' },
  ]) {
    const share = sampleShare(messages(env));
    expect(share).toBeLessThan(1);
    expect(share * messages(env)).toBeCloseTo(MAX_SAMPLES, 6);
  }
});

it('has nothing to leave out where nothing is sent', () => {
  expect(messages({ WS_PROFILE: 'soak' }, LISTEN)).toBe(0);
  expect(sampleShare(0)).toBe(1);
});

it('keeps the lag of each of a few, of more each eighth, and of many as few as times of replies', () => {
  expect(lagStep(FEW)).toBe(1);
  expect(lagStep(FEW + 1)).toBe(LAG_STEP);
  expect(lagStep(MAX_SAMPLES * 120)).toBe(120);
});
