import { describe, expect, it } from 'vitest';
import { planOf } from '../../../lib/plan/plan.ts';
import { envOf, runOf } from '../../../lib/plan/run.ts';
import { runFrom } from '../../../lib/scenario/run-from.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { CHAT, ECHO, LISTEN, SEND_ONLY } from '../some-traits.ts';

const SECRETS: Record<string, string>[] = [
  { WS_URL: 'ws://host/?token=hunter2' },
  { WS_URL: 'ws://host/,ws://other/?token=hunter2' },
  { WS_HEADERS: '{"Authorization":"Bearer hunter2"}' },
];

describe('a run', () => {
  it('knows the times of the plan', () => {
    const settings = parseSettings({ WS_PROFILE: 'smoke' });
    const { holdEndMs, rampMs, totalMs } = planOf(settings);
    const run = runOf(settings, 1, ECHO);
    expect(run).toMatchObject({ rampMs, totalMs, perVu: 1, arrives: false });
    expect(run.closeMs).toBeGreaterThan(holdEndMs);
    expect(run.closeMs + rampMs).toBeLessThan(totalMs);
  });

  it('that sends often shows by that how late it is; others have a beat of their own, the rarer the more VUs there are', () => {
    const beat = (traits: typeof ECHO, connections: number, perVu: number) =>
      runOf(parseSettings({ WS_CONNECTIONS: String(connections) }), perVu, traits).beatMs;
    expect([ECHO, SEND_ONLY, LISTEN, CHAT].map((traits) => beat(traits, 100, 1))).toEqual([0, 0, 1_000, 1_000]);
    expect(beat(LISTEN, 10_000, 1)).toBe(10_000);
    expect(beat(LISTEN, 10_000, 100)).toBe(1_000);
  });

  it('counts deliveries of what is sent while all receivers are up', () => {
    const settings = parseSettings({
      WS_CONNECTIONS: '1000',
      WS_HOLD: '200s',
      WS_MESSAGE_TIMEOUT: '3s',
      WS_HANDSHAKE_TIMEOUT: '4s',
      WS_READY_TIMEOUT: '9s',
    });
    const { rampMs, countFromMs, countToMs, closeMs } = runOf(settings, 1, CHAT);
    // Who is not ready then never will be.
    expect(countFromMs).toBe(rampMs + 4_000 + 9_000);
    expect(runOf(settings, 1, ECHO).countFromMs).toBe(rampMs + 4_000);
    expect(countToMs).toBe(closeMs - 3_000);
    const short = runOf({ ...settings, holdMs: 2_000 }, 1, CHAT);
    expect(short.countFromMs).toBe(short.rampMs + 500);
    expect(short.countToMs).toBe(short.closeMs - 500);
  });

  it.each(SECRETS)('carries no secret: %j', (env) => {
    const run = runOf(parseSettings(env), 1, ECHO);
    expect(run.url).toBeNull();
    expect(JSON.stringify([run, envOf(run)])).not.toContain('hunter2');
  });

  it('carries an address that holds none', () => {
    for (const url of ['ws://localhost:8081/', 'wss://example.org', 'wss://example.org/a']) {
      expect(runOf(parseSettings({ WS_URL: url }), 1, ECHO).url).toBe(url);
    }
  });

  it.each<Record<string, string>>([{ WS_SUBPROTOCOL: 'a, b' }, { WS_URL: 'ws://host/{room}', WS_USERS: 'users.csv' }])(
    'leaves the address to what the user gave where that makes more of it: %j',
    (env) => {
      expect(runOf(parseSettings(env), 1, ECHO).url).toBeNull();
    },
  );

  it('carries none of several', () => {
    expect(runOf(parseSettings({ WS_URL: 'ws://a/,ws://b/' }), 1, ECHO).url).toBeNull();
  });

  it.each<Record<string, string>>([
    {},
    { WS_PROFILE: 'smoke', WS_TRACE: '3', WS_COMPRESSION: 'true', WS_SUBPROTOCOL: 'a, b' },
    { WS_MESSAGE_SIZE: '40', WS_HOLD: '24h', WS_CONNECTIONS: '1000000' },
    ...SECRETS,
  ])('is the same once it has travelled through the environment of its k6 scenario: %j', (env) => {
    const run = runOf(parseSettings(env), 100, ECHO);
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
    for (const perVu of [1, 100]) expect(runOf(settings, perVu, ECHO).sendStepMs).toBe(step);
  });

  it('is none where k6 has replaced its scenario', () => {
    expect(runFrom({})).toBeNull();
  });
});
