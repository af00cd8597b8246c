import { describe, expect, it } from 'vitest';
import { booksOf, expectBalance, expectNoSecret, TARGET_MISSED } from './cases.ts';
import { runOver } from './fault-run.ts';
import { ENDING_FAULTS, ENDING_PACE, type Fault, HANDSHAKE_FAULTS, REPLY_FAULTS } from './faults.ts';

/** Connections that each fault gets, in the smallest part of a run. */
const SHARE = 4;

/** The scenarios that bring connections on in another way, for the tables of faults. */
const SHAPES = [
  {
    scenario: 'tiers',
    transport: 'websockets',
    // A tier of SHARE for each fault, then one of twice that.
    times: 3,
    sizes: (faults: number) => ({
      WS_TIERS: `${faults * SHARE},${2 * faults * SHARE}`,
      WS_TIER_HOLD: '3s',
      WS_TIER_PAUSE: '0s',
    }),
  },
  {
    scenario: 'storm',
    transport: 'ws',
    times: 1,
    sizes: (faults: number) => ({ WS_CONNECTIONS: String(faults * SHARE) }),
  },
  {
    scenario: 'churn',
    transport: 'ws',
    times: 1,
    sizes: (faults: number) => ({ WS_RATE: String(faults * SHARE), WS_CHURN: '1s', WS_LIFETIME: '3s' }),
  },
] as const;

describe.each(SHAPES)('the books of $scenario', ({ scenario, transport, times, sizes }) => {
  const refused: Fault = {
    name: 'refused',
    behaviour: null,
    books: () => ({ attempted: times * SHARE, failed: { refused: times * SHARE } }),
  };

  it.each([
    { name: 'misbehave in the handshake', faults: [...HANDSHAKE_FAULTS, refused], pace: {} },
    { name: 'end connections', faults: ENDING_FAULTS, pace: ENDING_PACE },
    { name: 'reply late, twice, wrongly, in other forms or not at all', faults: REPLY_FAULTS, pace: {} },
  ])('are those of servers that $name', async ({ faults, pace }) => {
    const env = { ...sizes(faults.length), ...pace };
    const { result, expected } = await runOver(scenario, transport, faults, SHARE, env);
    expect(booksOf(result)).toEqual(expected);
    expectBalance(result);
    expectNoSecret(result);
    expect(result.summary?.connections).toMatchObject({
      planned: times * SHARE * faults.length,
      attempted: times * SHARE * faults.length,
    });
    expect(
      result.summary?.tiers?.map(({ tier, connections, balanced }) => [tier, connections.attempted, balanced]),
    ).toEqual(
      scenario === 'tiers'
        ? [
            [SHARE * faults.length, SHARE * faults.length, true],
            [2 * SHARE * faults.length, 2 * SHARE * faults.length, true],
          ]
        : undefined,
    );
    expect(result.exitCode).toBe(TARGET_MISSED);
  });
});
