import { expect, it } from 'vitest';
import { MAX_SAMPLES, sampleShare } from '../../../lib/plan/sampling.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { ECHO, LISTEN } from '../some-traits.ts';

const share = (env: Record<string, string>, traits = ECHO) => sampleShare(parseSettings(env), traits);

it('keeps all of a short run', () => {
  expect(share({ WS_PROFILE: 'smoke' })).toBe(1);
  expect(share({ WS_CONNECTIONS: '1000', WS_HOLD: '90s', WS_MESSAGE_INTERVAL: '5s' })).toBe(1);
});

it('keeps of a longer one about as many as it may, whatever its length', () => {
  for (const env of [
    { WS_PROFILE: 'soak', WS_MESSAGE_INTERVAL: '1s' },
    { WS_PROFILE: 'production' },
    { WS_CONNECTIONS: '1000', WS_HOLD: '5m', WS_MESSAGE_INTERVAL: '50ms' },
  ]) {
    const { connections, holdMs, messageIntervalMs } = parseSettings(env);
    const messages = connections * (holdMs / messageIntervalMs + 1);
    expect(share(env)).toBeLessThan(1);
    expect(share(env) * messages).toBeCloseTo(MAX_SAMPLES, 6);
  }
});

it('has nothing to leave out where nothing is sent', () => {
  expect(share({ WS_PROFILE: 'soak' }, LISTEN)).toBe(1);
});
