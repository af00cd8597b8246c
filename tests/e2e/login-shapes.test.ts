import { describe, expect, it } from 'vitest';
import { READY_MS, startDoors } from '../servers/spoken/doors.mjs';
import { booksOf, expectBalance, TARGET_MISSED } from './cases.ts';
import { runK6 } from './helpers.ts';
import { booksAtTheDoors, forThisTest, moduleOf, summaryOf } from './spoken.ts';

/** The scenarios that bring connections on in another way; each opens so many. */
const SHAPES = [
  { scenario: 'tiers', connections: 150, sizes: { WS_TIERS: '50,100', WS_TIER_HOLD: '3s', WS_TIER_PAUSE: '0s' } },
  { scenario: 'storm', connections: 100, sizes: { WS_CONNECTIONS: '100', WS_HOLD: '3s' } },
  { scenario: 'churn', connections: 100, sizes: { WS_RATE: '50', WS_CHURN: '2s', WS_LIFETIME: '3s' } },
];

describe.each(SHAPES)('the logins of $scenario', ({ scenario, connections, sizes }) => {
  it('are let in, refused, turned away or too late as the server counted', async () => {
    const server = await forThisTest(startDoors());
    const result = await runK6({
      scenario,
      env: {
        WS_PROFILE: 'smoke',
        WS_BATCH_SIZE: '50',
        WS_MESSAGE_INTERVAL: '400ms',
        WS_READY_TIMEOUT: `${READY_MS}ms`,
        WS_CONVERSATION: moduleOf('doors'),
        WS_URL: server.url,
        ...(sizes as Record<string, string>),
      },
    });
    const counts = server.counts();
    expect(booksOf(result)).toEqual(booksAtTheDoors(counts));
    // k6 may begin the last turns of churn, or not.
    const missing = connections - (counts['handshakes'] ?? 0);
    expect(missing).toBeGreaterThanOrEqual(0);
    expect(missing).toBeLessThanOrEqual(scenario === 'churn' ? connections / 10 : 0);
    const tiers = summaryOf(result).tiers?.map(({ connections: { ready, notReady }, balanced }) => ({
      ready,
      notReady,
      balanced,
    }));
    expect(tiers).toEqual(
      scenario === 'tiers'
        ? [10, 20].map((each) => ({
            ready: each,
            // k6 adds up words for the whole run only.
            notReady: { other: each, server_close: each, timeout: 2 * each },
            balanced: true,
          }))
        : undefined,
    );
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });
});
