import { describe, expect, it } from 'vitest';
import { accountOf, sum } from '../../../lib/report/account.ts';
import { type Happened, k6DataOf } from './k6-data-of.ts';

const HEALTHY: Happened = { attempted: 100, established: 100, closed: 100, sent: 200, replied: 200 };

const account = (happened: Happened, planned = 100) => accountOf(k6DataOf(happened), planned);

describe('the account', () => {
  it('of a healthy run balances, with no reason that never occurred', () => {
    expect(account(HEALTHY)).toEqual({
      connections: {
        planned: 100,
        attempted: 100,
        unattempted: 0,
        established: 100,
        failed: {},
        closed: 100,
        dropped: {},
      },
      messages: { sent: 200, replied: 200, failed: {}, unexpected: 0 },
      statuses: {},
      balanced: true,
      differences: [],
    });
  });

  it('counts failures, drops and lost messages by reason', () => {
    const { connections, messages, balanced } = account({
      attempted: 100,
      established: 90,
      failed: { refused: 7, handshake_timeout: 3 },
      closed: 85,
      dropped: { server_close: 5 },
      sent: 200,
      replied: 190,
      messagesFailed: { timeout: 4, lost: 5, mismatch: 1 },
      unexpected: 2,
    });
    expect(connections.failed).toEqual({ refused: 7, handshake_timeout: 3 });
    expect(connections.dropped).toEqual({ server_close: 5 });
    expect(messages).toEqual({ sent: 200, replied: 190, failed: { timeout: 4, lost: 5, mismatch: 1 }, unexpected: 2 });
    expect(balanced).toBe(true);
  });

  it('of a run that was cut off calls interrupted what has no outcome, and still balances', () => {
    const { connections, messages, balanced } = account({
      attempted: 80,
      established: 70,
      failed: { refused: 4 },
      closed: 10,
      dropped: { reset: 5 },
      sent: 150,
      replied: 140,
      messagesFailed: { timeout: 3 },
      // k6 drops the samples of VUs that it stops, so that these differ by what was under way.
      counters: [20, 5, 54, 6],
    });
    expect(connections).toMatchObject({
      unattempted: 20,
      failed: { refused: 4, interrupted: 6 },
      dropped: { reset: 5, interrupted: 55 },
    });
    expect(messages.failed).toEqual({ timeout: 3, interrupted: 7 });
    expect(balanced).toBe(true);
  });

  it('of a run that ended before its first attempt has all of it never attempted', () => {
    const { connections, balanced } = account({});
    expect(connections).toMatchObject({ planned: 100, attempted: 0, unattempted: 100 });
    expect(balanced).toBe(true);
  });

  it.each<[string, Happened, string[]]>([
    [
      'a connection established twice',
      { ...HEALTHY, established: 101, closed: 101 },
      ['1 more outcomes than attempts'],
    ],
    ['a connection closed twice', { ...HEALTHY, closed: 102 }, ['2 more outcomes than established connections']],
    ['a reply too many', { ...HEALTHY, replied: 203 }, ['3 more outcomes than messages']],
    [
      'an attempt too many',
      { ...HEALTHY, attempted: 101, established: 101, closed: 101 },
      ['1 more outcomes than planned connections'],
    ],
    [
      'a counter of attempts that is not back at 0',
      { ...HEALTHY, counters: [4, 0, 0, 0] },
      ['planned connections: 0 without an outcome, but the counter says 4'],
    ],
    [
      'a counter of pending handshakes that is not back at 0',
      { ...HEALTHY, counters: [0, 1, 0, 0] },
      ['attempts: 0 without an outcome, but the counter says 1'],
    ],
    [
      'a counter of open connections below 0',
      { ...HEALTHY, counters: [0, 0, -1, 0] },
      ['established connections: 0 without an outcome, but the counter says -1'],
    ],
    [
      'a counter of pending messages that is not back at 0',
      { ...HEALTHY, counters: [0, 0, 0, 9] },
      ['messages: 0 without an outcome, but the counter says 9'],
    ],
  ])('does not balance with %s', (_, happened, differences) => {
    const { balanced, differences: found, connections } = account(happened);
    expect(balanced).toBe(false);
    expect(connections.unattempted).toBe(0);
    expect(found).toEqual(differences);
  });
});

it('sum() adds up the counts', () => {
  expect(sum({})).toBe(0);
  expect(sum({ a: 2, b: 3 })).toBe(5);
});
