import { describe, expect, it } from 'vitest';
import { startRooms } from '../servers/spoken/rooms.mjs';
import { expectBalance, PASSED, SCENARIOS, TARGET_MISSED } from './cases.ts';
import { runK6 } from './helpers.ts';
import { forThisTest, moduleOf, summaryOf } from './spoken.ts';

const SHORT = { WS_PROFILE: 'smoke', WS_HOLD: '3s', WS_CONVERSATION: moduleOf('rooms') };

/** 100 connections in rooms of ten. */
const TENS = { WS_CONNECTIONS: '100', WS_BATCH_SIZE: '50', ROOM_SIZE: '10', WS_MESSAGE_INTERVAL: '500ms' };

/** All in one room, and two who speak: how much a machine of few cores can deliver is not the question here. */
const ONE = {
  WS_CONNECTIONS: '1000',
  WS_BATCH_SIZE: '100',
  // Slowly, so that all are in the room when deliveries begin to count.
  WS_BATCH_DELAY: '200ms',
  ROOM_SIZE: '1000',
  SENDER_STEP: '500',
  WS_MESSAGE_INTERVAL: '1s',
  WS_HOLD: '6s',
  WS_MESSAGE_TIMEOUT: '4s',
};

const SIZES = [
  { rooms: 'ten by division', env: { ...TENS, ROOM_BY: 'division' } },
  { rooms: 'ten by remainder', env: { ...TENS, ROOM_BY: 'remainder' } },
  { rooms: 'all in one room of 1,000', env: ONE },
];

describe.each(SCENARIOS)('the deliveries of $scenario', ({ scenario }) => {
  it.each(SIZES)('to $rooms are all that the server forwarded: 100 %', async ({ env }) => {
    const server = await forThisTest(startRooms());
    const result = await runK6({ scenario, env: { ...SHORT, ...env, WS_URL: server.url } });
    const { deliveries, targets, messages, latencyMs, generator } = summaryOf(result);
    const { expected, forwarded, said } = server.counts();
    expect(deliveries, generator.limits.join()).toEqual({ expected, delivered: forwarded, missing: 0, duplicate: 0 });
    expect(expected).toBeGreaterThan(1_000);
    expect(messages).toMatchObject({ sent: said, answered: said, failed: {}, unexpected: 0 });
    expect(targets.find(({ name }) => name === 'deliveries')).toMatchObject({ pass: true });
    expect(latencyMs.delivery?.min).toBeGreaterThanOrEqual(0);
    expectBalance(result);
    expect(result.exitCode).toBe(PASSED);
  });

  it.each(SIZES)('to $rooms miss the share that a server withholds', async ({ env }) => {
    const server = await forThisTest(startRooms({ withheld: 0.05 }));
    const result = await runK6({ scenario, env: { ...SHORT, ...env, WS_URL: server.url, WS_MIN_DELIVERY: '0.96' } });
    const { deliveries, targets } = summaryOf(result);
    const { expected = 0, forwarded = 0 } = server.counts();
    expect(deliveries).toEqual({ expected, delivered: forwarded, missing: expected - forwarded, duplicate: 0 });
    const { actual, pass } = targets.find(({ name }) => name === 'deliveries') ?? {};
    // What k6 judges, of a large reach by each k-th sample, is what the server did.
    expect(Math.abs((actual ?? 0) - forwarded / expected)).toBeLessThan(0.005);
    expect(Math.abs((actual ?? 0) - 0.95)).toBeLessThan(0.005);
    expect(pass).toBe(false);
    expect(targets.filter((target) => target.pass === false).map(({ name }) => name)).toEqual(['deliveries']);
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });

  it('that come twice are counted apart', async () => {
    const server = await forThisTest(startRooms({ doubled: 0.1 }));
    const result = await runK6({ scenario, env: { ...SHORT, ...TENS, WS_URL: server.url } });
    const { expected, forwarded, doubled = 0 } = server.counts();
    expect(doubled).toBeGreaterThan(100);
    expect(summaryOf(result).deliveries).toEqual({ expected, delivered: forwarded, missing: 0, duplicate: doubled });
    expectBalance(result);
    expect(result.exitCode).toBe(PASSED);
  });
});
