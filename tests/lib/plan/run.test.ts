import { describe, expect, it } from 'vitest';
import { runFrom } from '../../../lib/generator/run-from.ts';
import { planOf } from '../../../lib/plan/plan.ts';
import { envOf, runOf } from '../../../lib/plan/run.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';

const SECRETS: Record<string, string>[] = [
  { WS_URL: 'ws://host/?token=hunter2' },
  { WS_URL: 'ws://host/,ws://other/?token=hunter2' },
  { WS_HEADERS: '{"Authorization":"Bearer hunter2"}' },
];

describe('a run', () => {
  it('knows the times of the plan', () => {
    const settings = parseSettings({ WS_PROFILE: 'smoke' });
    const { holdEndMs, rampMs, totalMs } = planOf(settings);
    const run = runOf(settings, 1);
    expect(run).toMatchObject({ rampMs, totalMs, perVu: 1, arrives: false });
    expect(run.closeMs).toBeGreaterThan(holdEndMs);
    expect(run.closeMs + rampMs).toBeLessThan(totalMs);
  });

  it.each([
    ['echo', true, true],
    ['any-reply', true, true],
    ['send-only', true, false],
    ['listen', false, false],
  ])('over %s sends: %s, awaits replies: %s', (protocol, sends, awaitsReply) => {
    expect(runOf(parseSettings({ WS_PROTOCOL: protocol }), 1)).toMatchObject({ sends, awaitsReply });
  });

  it.each(SECRETS)('carries no secret: %j', (env) => {
    const run = runOf(parseSettings(env), 1);
    expect(run.url).toBeNull();
    expect(JSON.stringify([run, envOf(run)])).not.toContain('hunter2');
  });

  it('carries an address that holds none', () => {
    for (const url of ['ws://localhost:8081/', 'wss://example.org', 'wss://example.org/a']) {
      expect(runOf(parseSettings({ WS_URL: url }), 1).url).toBe(url);
    }
  });

  it('carries none of several', () => {
    expect(runOf(parseSettings({ WS_URL: 'ws://a/,ws://b/' }), 1).url).toBeNull();
  });

  it.each<Record<string, string>>([
    {},
    { WS_PROFILE: 'smoke', WS_PROTOCOL: 'listen', WS_COMPRESSION: 'true', WS_SUBPROTOCOL: 'a, b' },
    { WS_MESSAGE_SIZE: '40', WS_PROTOCOL: 'send-only', WS_HOLD: '24h', WS_CONNECTIONS: '1000000' },
    ...SECRETS,
  ])('is the same once it has travelled through the environment of its k6 scenario: %j', (env) => {
    const run = runOf(parseSettings(env), 100);
    const travelled = runFrom(envOf(run));
    expect(travelled).toEqual(run);
  });

  it.each([
    ['5s', 10],
    ['250ms', 10],
    ['125ms', 5],
    ['33ms', 3],
    ['29ms', 1],
    ['10ms', 1],
  ])('that sends each %s does so in steps of %i ms', (interval, step) => {
    const settings = parseSettings({ WS_MESSAGE_INTERVAL: interval });
    for (const perVu of [1, 100]) expect(runOf(settings, perVu).sendStepMs).toBe(step);
  });

  it('is none where k6 has replaced its scenario', () => {
    expect(runFrom({})).toBeNull();
  });
});
