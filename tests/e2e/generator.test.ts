import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { afterwards, booksOf, expectBalance, SCENARIOS, serve } from './cases.ts';
import { startK6 } from './helpers.ts';

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
