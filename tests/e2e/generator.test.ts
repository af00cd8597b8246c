import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { afterwards, booksOf, expectBalance, PASSED, SCENARIOS, serve } from './cases.ts';
import { startK6 } from './helpers.ts';
import { k6Command } from './k6-command.ts';

/** As long as the generator stands still. */
const STALL_MS = 2_000;

describe.runIf(process.platform !== 'win32').each(SCENARIOS)('the report of $scenario', ({ scenario }) => {
  it('names the generator as the limit when it stood still in mid-hold', async () => {
    const server = await serve([{}]);
    const { child, result, meanwhile } = await startK6({
      scenario,
      env: {
        WS_PROFILE: 'smoke',
        WS_URL: server.url,
        WS_CONNECTIONS: '100',
        WS_HOLD: '8s',
        WS_MESSAGE_INTERVAL: '200ms',
      },
    });
    afterwards(() => child.kill('SIGKILL'));
    await meanwhile(
      'all had talked',
      server.until(({ speakers, received }) => speakers === 100 && received >= 200),
    );
    child.kill('SIGSTOP');
    await delay(STALL_MS);
    child.kill('SIGCONT');
    const ended = await result;
    const { generator, latencyMs } = ended.summary ?? {};
    expect(generator?.limits).toHaveLength(1);
    expect(generator?.limits[0]).toMatch(/^It (stalled for|acted) /);
    expect(ended.stdout).toMatch(/the\s+generator\s+was\s+a\s+limit/);
    expect(ended.stdout).not.toContain('it was not the limit');
    expect(generator?.lagMs?.max).toBeGreaterThan(STALL_MS / 2);
    // The time from the intended send shows the stall, the plain round trip does not.
    expect(latencyMs?.response?.max).toBeGreaterThan(STALL_MS / 2);
    const books = booksOf(ended);
    expect(books).toMatchObject({ attempted: 100, established: 100, closed: 100, sent: server.counts().received });
    expectBalance(ended);
  });
});

describe.runIf(process.platform !== 'win32')('a generator that stands still across the end of its run', () => {
  it.each([
    { scenario: 'concurrent', size: { WS_CONNECTIONS: '200', WS_HOLD: '4s' }, connections: 200 },
    { scenario: 'multiplexed', size: { WS_CONNECTIONS: '200', WS_HOLD: '4s' }, connections: 200 },
    { scenario: 'storm', size: { WS_CONNECTIONS: '200', WS_HOLD: '4s' }, connections: 200 },
    { scenario: 'churn', size: { WS_RATE: '50', WS_CHURN: '4s', WS_LIFETIME: '2s' }, connections: 0 },
    { scenario: 'tiers', size: { WS_TIERS: '200', WS_TIER_HOLD: '4s' }, connections: 200 },
  ])('ends $scenario at once, with its books, and says so', async ({ scenario, size, connections }) => {
    const server = await serve([{}]);
    const { child, result, meanwhile } = await startK6({
      scenario,
      env: { WS_URL: server.url, WS_BATCH_SIZE: '100', WS_MESSAGE_INTERVAL: '300ms', ...size },
    });
    afterwards(() => child.kill('SIGKILL'));
    await meanwhile(
      'most of the hold was over',
      server.until(({ received }) => received >= 1_000),
    );
    child.kill('SIGSTOP');
    await delay(4_000);
    child.kill('SIGCONT');
    const woken = performance.now();
    const ended = await result;
    // k6's own time, and whatever else this machine does.
    expect(performance.now() - woken).toBeLessThan(20_000);
    expect(ended.stderr).not.toMatch(/Error: |panic/);
    expectBalance(ended);
    const { attempted, closed, dropped, sent } = booksOf(ended);
    expect({ closed, dropped, sent }).toEqual({ closed: attempted, dropped: {}, sent: server.counts().received });
    if (connections > 0) expect(attempted).toBe(connections);
    expect(ended.summary?.generator.limits).toEqual([expect.stringMatching(/^It (stalled for|acted) /)]);
  });
});

describe('a VU that cannot watch', () => {
  const connections = { WS_CONNECTIONS: '10', WS_HOLD: '1s' };
  it.each([
    { scenario: 'concurrent', size: connections },
    { scenario: 'multiplexed', size: connections },
    { scenario: 'storm', size: connections },
    // Its turns are so far apart that k6 does not miss the last one by a moment.
    { scenario: 'churn', size: { WS_RATE: '5', WS_CHURN: '2s', WS_LIFETIME: '500ms' } },
    { scenario: 'tiers', size: { WS_TIERS: '10', WS_TIER_HOLD: '1s' } },
  ])('and is asked to by k6, leaves $scenario as it is: k6 would end with a crash', async ({ scenario, size }) => {
    const server = await serve([{}]);
    const folder = await mkdtemp(path.join(tmpdir(), 'no-watch-'));
    afterwards(() => rm(folder, { recursive: true, force: true }));
    // VU 0 keeps what teardown() needs; it never has an iteration.
    const bundle = await readFile(path.resolve('dist', `${scenario}.js`), 'utf8');
    const script = path.join(folder, `${scenario}.js`);
    const few = 'WATCHING_VUS = 100';
    expect(bundle.split(few)).toHaveLength(2);
    await writeFile(script, bundle.replace(few, 'WATCHING_VUS = 0'));
    const env = { WS_PROFILE: 'smoke', WS_URL: server.url, WS_MESSAGE_INTERVAL: '500ms', ...size };
    const { exitCode, stdout, stderr } = await k6Command(['run', '--no-color', '--no-usage-report', script], {
      cwd: folder,
      env,
    });
    expect(stderr).not.toContain('panic');
    expect(stdout).toMatch(/attempted 10 = established 10 \+ failed 0/);
    expect(exitCode).toBe(PASSED);
    expect(server.counts().accepted).toBe(10);
  });
});
