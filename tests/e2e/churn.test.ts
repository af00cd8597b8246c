import { expect, it } from 'vitest';
import { startTargetServer } from '../../scripts/target-server.mjs';
import { afterwards, booksOf, expectBalance, PASSED, serve, TARGET_MISSED } from './cases.ts';
import { runK6 } from './helpers.ts';

it('opens as many a second as asked, and the server counts the same', async () => {
  const server = await startTargetServer();
  afterwards(server.close);
  const result = await runK6({
    scenario: 'churn',
    env: { WS_URL: server.url, WS_RATE: '200', WS_CHURN: '8s', WS_LIFETIME: '1s' },
  });
  const { accepted, closeCodes, received, answered, peakOpen } = server.stats();
  const { attempted } = booksOf(result);
  // Where k6 stands still at the end of the duration it loses turns: 2 % of them are within its own target.
  expect(attempted).toBeGreaterThanOrEqual(0.98 * 1_600);
  expect(attempted).toBeLessThanOrEqual(1_600);
  expect(booksOf(result)).toEqual({
    attempted: accepted,
    established: accepted,
    ready: accepted,
    notReady: {},
    failed: {},
    closed: closeCodes[1000],
    dropped: {},
    sent: received,
    answered,
    sentOnly: 0,
    messagesFailed: {},
    unexpected: 0,
  });
  expect(received).toBeGreaterThanOrEqual(3 * accepted);
  // About a second's worth lives at a time: neither one by one nor all at once.
  expect(peakOpen).toBeGreaterThan(150);
  expect(peakOpen).toBeLessThan(400);
  expect(result.summary?.arrivals).toMatchObject({ askedPerSecond: 200, dropped: 0 });
  expectBalance(result);
  expect(result.exitCode).toBe(PASSED);
  expect(result.stdout).toContain('asked 200 connections/s, achieved ');
});

it('counts each turn that found no free VU as dropped, says why, and fails', async () => {
  const server = await serve([{ handshake: { kind: 'accept', delayMs: 2_500 } }]);
  const result = await runK6({
    scenario: 'churn',
    // So few a second that k6 does not miss several turns where it stands still for a moment.
    env: { WS_URL: server.url, WS_RATE: '8', WS_CHURN: '4s', WS_LIFETIME: '250ms' },
  });
  const { planned, attempted, unattempted } = result.summary?.connections ?? {};
  const dropped = result.summary?.arrivals?.dropped ?? 0;
  expect(dropped).toBeGreaterThan(32 / 4);
  expect({ planned, attempted, unattempted }).toEqual({
    planned: 32,
    attempted: server.counts().accepted,
    unattempted: 32 - server.counts().accepted - dropped,
  });
  // The last turn and the end of the duration may meet.
  expect(unattempted).toBeLessThanOrEqual(1);
  expect(result.summary?.targets.filter(({ pass }) => pass === false).map(({ metric }) => metric)).toEqual([
    // None is there before the planned end of its life.
    'ws_connect_success',
    'ws_connections_held',
    'ws_message_success',
    'ws_connect_time',
    'dropped_iterations',
  ]);
  expectBalance(result);
  expect(result.stdout).toContain(`k6 dropped ${dropped}: all its 10 VUs were busy.`);
  expect(result.stdout).toContain(`attempted ${attempted} + dropped by k6 ${dropped}`);
  expect(result.exitCode).toBe(TARGET_MISSED);
});

it('plans its share of the connections under execution segments', async () => {
  const server = await serve([{}]);
  const result = await runK6({
    scenario: 'churn',
    env: { WS_URL: server.url, WS_RATE: '20', WS_CHURN: '2s', WS_LIFETIME: '200ms' },
    args: ['--execution-segment', '1/2:1', '--execution-segment-sequence', '0,1/2,1'],
  });
  const { accepted } = server.counts();
  expect(result.summary?.connections).toMatchObject({ planned: 20, attempted: accepted, closed: accepted });
  // The last turn and the end of the duration may meet.
  expect(Math.abs(accepted - 20)).toBeLessThanOrEqual(1);
  expect(result.summary?.arrivals?.askedPerSecond).toBe(10);
  expectBalance(result);
  expect(result.exitCode).toBe(PASSED);
});

it('refuses what needs more VUs than there can be, before any connection', async () => {
  const server = await serve([{}]);
  const result = await runK6({
    scenario: 'churn',
    env: { WS_URL: server.url, WS_RATE: '100000', WS_LIFETIME: '1m' },
  });
  expect(result.exitCode).toBe(107);
  expect(result.stderr).toContain('WS_RATE=100000 with WS_LIFETIME=1m needs 6,100,000 VUs');
  expect(server.counts().accepted).toBe(0);
});
