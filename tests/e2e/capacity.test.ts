import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCrowded } from '../servers/spoken/crowded.mjs';
import { startDoors } from '../servers/spoken/doors.mjs';
import { startRooms } from '../servers/spoken/rooms.mjs';
import { afterwards, booksOf, expectBalance, INTERRUPTED, PASSED, SCRIPT_EXCEPTION, TARGET_MISSED } from './cases.ts';
import { type K6Result, runK6, startK6 } from './helpers.ts';
import { forThisTest, moduleOf, summaryOf } from './spoken.ts';

/** Ten steps of 30 or fewer, each 5 s long. */
const STEPS = {
  WS_CONNECTIONS: '300',
  WS_STEP: '30',
  WS_STEP_HOLD: '2s',
  WS_MESSAGE_INTERVAL: '500ms',
  WS_MESSAGE_TIMEOUT: '2s',
  WS_HANDSHAKE_TIMEOUT: '2s',
};

const capacityOf = (result: K6Result) => {
  const { capacity } = summaryOf(result);
  if (!capacity) throw new Error('no capacity in summary.json');
  return capacity;
};

/** What k6 counted is what the server counted. */
function expectTheServersBooks(result: K6Result, counts: Record<string, number | undefined>): void {
  const { attempted, established, failed, sent, answered, messagesFailed } = booksOf(result);
  expect({ attempted, established, failed }).toEqual({
    attempted: (counts['handshakes'] ?? 0) + (counts['refused'] ?? 0),
    established: counts['handshakes'],
    failed: counts['refused'] ? { http_5xx: counts['refused'] } : {},
  });
  // When k6 ends the run, some are under way, and of some that it sends it drops the sample.
  const cut = messagesFailed['interrupted'] ?? 0;
  const lost = messagesFailed['lost'] ?? 0;
  expect(counts['received']).toBeGreaterThanOrEqual(answered);
  expect(counts['received']).toBeLessThanOrEqual(sent + established);
  expect(sent - answered).toBe(cut + lost);
}

describe('capacity', () => {
  it('finds the step that a server refuses, and ends there', async () => {
    const server = await forThisTest(startCrowded({ most: 60 }));
    const result = await runK6({ scenario: 'capacity', env: { ...STEPS, WS_URL: server.url } });
    expect(result.exitCode).toBe(TARGET_MISSED);
    const { holds, failedAt, isAtLeast, reasons, causes, steps } = capacityOf(result);
    expect({ holds, failedAt, isAtLeast }).toEqual({ holds: 60, failedAt: 90, isAtLeast: false });
    expect(reasons).toEqual(['connect success was 66.66 %, limit 95 %']);
    expect(causes[0]).toMatch(/^Server or a proxy before it: it failed while it answered the handshake/);
    expect(steps.map(({ connections, open, pass }) => [connections, open, pass])).toEqual([
      [30, 30, true],
      [60, 60, true],
      [90, 60, false],
      ...[120, 150, 180, 210, 240, 270, 300].map((connections) => [connections, 0, null]),
    ]);
    // Nobody went on against it.
    expect(server.counts()).toMatchObject({ handshakes: 60, refused: 30 });
    expectTheServersBooks(result, server.counts());
    expectBalance(result);
    const { connections } = summaryOf(result);
    expect(connections).toMatchObject({ planned: 300, attempted: 90, unattempted: 210 });
    expect(connections.dropped).toEqual({ interrupted: 60 });
    expect(result.stdout).toContain('FAIL  capacity: holds 60; at 90 connect success was 66.66 %, limit 95 %');
    expect(result.junit).toContain('connect success at 90 &gt; 95 %');
  });

  it('finds the step in which replies get slow', async () => {
    // 600 ms with 60 connections, 900 ms with 90: the limit is far above the one and below the other.
    const server = await forThisTest(startCrowded({ msEach: 10 }));
    const env = { ...STEPS, WS_URL: server.url, WS_CONNECTIONS: '150', WS_MAX_ROUND_TRIP: '850ms' };
    const result = await runK6({ scenario: 'capacity', env });
    expect(result.exitCode).toBe(TARGET_MISSED);
    const { holds, failedAt, reasons, causes, steps } = capacityOf(result);
    expect({ holds, failedAt }).toEqual({ holds: 60, failedAt: 90 });
    expect(reasons).toEqual([expect.stringMatching(/^the round trip's p95 was \S+, limit 850ms$/)]);
    expect(causes[causes.length - 1]).toMatch(/^Server, or the network on the way: replies took longer/);
    expect(steps[2]?.roundTripMs?.p95).toBeGreaterThan(850);
    expectTheServersBooks(result, server.counts());
    expectBalance(result);
  });

  it('finds the step from which a server drops the oldest, by how many are open at its end', async () => {
    const server = await forThisTest(startCrowded({ youngest: 60 }));
    const result = await runK6({ scenario: 'capacity', env: { ...STEPS, WS_URL: server.url } });
    expect(result.exitCode).toBe(TARGET_MISSED);
    const { holds, failedAt, reasons, steps } = capacityOf(result);
    expect({ holds, failedAt }).toEqual({ holds: 60, failedAt: 90 });
    expect(reasons).toContain('connections held were 66.66 %, limit 95 %');
    expect(steps[2]).toMatchObject({ established: 90, open: 60, pass: false });
    expect(summaryOf(result).connections.dropped).toEqual({ interrupted: 60, server_close: 30 });
    expect(server.counts()['put out']).toBe(30);
    expectTheServersBooks(result, server.counts());
    expectBalance(result);
  });

  it('passes when all are held, spread over VUs that are not all full', async () => {
    const server = await forThisTest(startCrowded({}));
    const env = { ...STEPS, WS_URL: server.url, WS_CONNECTIONS: '35', WS_STEP: '20', WS_SOCKETS_PER_VU: '7' };
    const result = await runK6({ scenario: 'capacity', env });
    expect(result.exitCode).toBe(PASSED);
    const { holds, failedAt, steps } = capacityOf(result);
    expect({ holds, failedAt }).toEqual({ holds: 35, failedAt: null });
    expect(steps.map(({ connections, planned, open }) => [connections, planned, open])).toEqual([
      [20, 20, 20],
      [35, 35, 35],
    ]);
    expect(booksOf(result)).toMatchObject({ attempted: 35, closed: 35, failed: {}, dropped: {} });
    expectTheServersBooks(result, server.counts());
    expectBalance(result);
    expect(result.stdout).toContain('PASS  capacity: holds at least 35, the most that was tried');
  });

  it('logs in, and measures deliveries step by step as the server forwarded them', async () => {
    const server = await forThisTest(startRooms());
    const env = { ...STEPS, WS_URL: server.url, WS_CONNECTIONS: '80', WS_STEP: '40' };
    const result = await runK6({ scenario: 'capacity', env: { ...env, WS_CONVERSATION: moduleOf('rooms') } });
    expect(result.exitCode).toBe(PASSED);
    const { expected, forwarded, said } = server.counts();
    expect(summaryOf(result).deliveries).toEqual({ expected, delivered: forwarded, missing: 0, duplicate: 0 });
    expect(expected).toBeGreaterThan(500);
    expect(booksOf(result)).toMatchObject({ ready: 80, closed: 80, sent: said, answered: said });
    const { steps } = capacityOf(result);
    expect(steps.map(({ ready, open }) => [ready, open])).toEqual([
      [40, 40],
      [80, 80],
    ]);
    for (const { targets } of steps) {
      const judged = targets.map(({ metric, pass }) => [metric.replace(/\{.*/, ''), pass]);
      expect(judged).toContainEqual(['ws_step_ready_success', true]);
      expect(judged).toContainEqual(['ws_delivery_success', true]);
    }
    expectBalance(result);
  });

  it('ends where nobody lets the logins in', async () => {
    // Before the end of the step's hold, and so much later than what is waited for.
    const server = await forThisTest(startDoors(1_800));
    const env = { ...STEPS, WS_URL: server.url, WS_CONNECTIONS: '100', WS_STEP: '50', WS_READY_TIMEOUT: '1300ms' };
    const result = await runK6({ scenario: 'capacity', env: { ...env, WS_CONVERSATION: moduleOf('doors') } });
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(capacityOf(result)).toMatchObject({ holds: 0, failedAt: 50, reasons: ['logins were 20.00 %, limit 95 %'] });
    expect(server.counts()['handshakes']).toBe(50);
    expectBalance(result);
  });

  it.runIf(process.platform !== 'win32')(
    'says "at least", and names the generator, when k6 was held back',
    async () => {
      const server = await forThisTest(startCrowded({}));
      const env = { ...STEPS, WS_URL: server.url, WS_MAX_ROUND_TRIP: '100ms', WS_CONNECTIONS: '90' };
      const { child, result, meanwhile } = await startK6({ scenario: 'capacity', env });
      afterwards(() => child.kill('SIGKILL'));
      await meanwhile(
        'the second step had begun',
        server.until(({ handshakes = 0 }) => handshakes === 60),
      );
      await delay(500);
      child.kill('SIGSTOP');
      await delay(4_000);
      child.kill('SIGCONT');
      const ended = await result;
      const { isAtLeast, steps } = capacityOf(ended);
      expect(isAtLeast).toBe(true);
      expect(steps.flatMap(({ limits }) => limits).join()).toMatch(/It (stalled for|acted) /);
      expect(ended.stdout).toMatch(/at least|not known/);
      expect(ended.stdout).toMatch(/! at 60, the generator: It (stalled for|acted) /);
      expectBalance(ended);
    },
  );

  it('that is interrupted says what was held until then', async () => {
    const server = await forThisTest(startCrowded({}));
    const run = await startK6({ scenario: 'capacity', env: { ...STEPS, WS_URL: server.url } });
    await run.meanwhile(
      'the second step had begun',
      server.until(({ handshakes = 0 }) => handshakes === 60),
    );
    run.child.kill('SIGINT');
    const result = await run.result;
    expect(result.exitCode).toBe(INTERRUPTED);
    expect(summaryOf(result).verdict).toBe('fail');
    expect(capacityOf(result)).toMatchObject({ holds: 30, failedAt: null });
    expect(result.stdout).toContain('holds at least 30; the run ended before 60 was judged');
    const { unattempted, failed, dropped } = summaryOf(result).connections;
    expect(unattempted).toBe(240);
    // Of the last, k6 need not have read the answer to the handshake.
    expect((failed['interrupted'] ?? 0) + (dropped['interrupted'] ?? 0)).toBe(60);
    expectBalance(result);
  });

  it.each([
    { env: { WS_STEP: '301' }, error: 'WS_STEP=301 is more than WS_CONNECTIONS=300' },
    { env: { WS_STEP: '5' }, error: 'WS_STEP=5 makes 60 steps of WS_CONNECTIONS=300: expected at most 50 steps' },
    { env: { WS_STEP: '6', WS_MESSAGE_INTERVAL: '60s' }, error: 'WS_MESSAGE_INTERVAL=1m leaves the first step of 6' },
  ])('refuses $env', async ({ env, error }) => {
    const result = await runK6({ scenario: 'capacity', env: { ...STEPS, WS_URL: 'ws://127.0.0.1:9/', ...env } });
    expect(result.exitCode).toBe(SCRIPT_EXCEPTION);
    expect(result.stderr).toContain(error);
  });
});
