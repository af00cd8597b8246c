import { describe, expect, it } from 'vitest';
import { booksOf, expectBalance, PASSED, serve, TARGET_MISSED } from './cases.ts';
import { runK6 } from './helpers.ts';
import { clusters, target } from './target.ts';

/** A run of about 3 s. */
const SHORT = {
  WS_PROFILE: 'smoke',
  WS_HOLD: '1s',
  WS_MESSAGE_INTERVAL: '500ms',
};

const run = (env: Record<string, string>) => runK6({ scenario: 'multiplexed', env: { ...SHORT, ...env } });

describe('a healthy run', () => {
  it('reports what the server counted, to the last connection and message, and ends as planned', async () => {
    const server = await target();
    const result = await run({
      WS_URL: `ws://localhost:${server.port}/`,
      WS_CONNECTIONS: '600',
      WS_HOLD: '3s',
      WS_MESSAGE_INTERVAL: '1s',
    });
    const stats = server.stats();
    expect(stats).toMatchObject({ accepted: 600, peakOpen: 600, open: 0, refused: 0, closeCodes: { 1000: 600 } });
    expect(booksOf(result)).toEqual({
      attempted: 600,
      established: 600,
      ready: 600,
      notReady: {},
      failed: {},
      closed: 600,
      dropped: {},
      sent: stats.received,
      answered: stats.answered,
      sentOnly: 0,
      messagesFailed: {},
      unexpected: 0,
    });
    // Each connection sends once in each of its 3 s; one that was opened late has fewer.
    expect(stats.received).toBeGreaterThanOrEqual(2 * 600);
    expectBalance(result);
    expect(result.exitCode).toBe(PASSED);
    expect(result.durationMs).toBeLessThan((result.summary?.plan.totalMs ?? 0) + 10_000);
    expect(result.stdout).toMatch(/^ PASS {2}multiplexed: /m);
  });

  it('opens its connections in steps, also where a VU holds several batches', async () => {
    const server = await target({ arrivals: true });
    const delayMs = 600;
    const result = await run({
      WS_URL: server.url,
      WS_CONNECTIONS: '100',
      WS_BATCH_SIZE: '20',
      WS_BATCH_DELAY: `${delayMs}ms`,
      WS_SOCKETS_PER_VU: '50',
    });
    const { sizes, startsMs } = clusters(server.stats().arrivalsMs ?? [], 5);
    expect(sizes).toEqual([20, 20, 20, 20, 20]);
    const span = (startsMs[4] as number) - (startsMs[0] as number);
    expect(span).toBeGreaterThan(4 * delayMs * 0.75);
    for (const [i, at] of startsMs.entries()) {
      expect(Math.abs(at - (startsMs[0] as number) - (span * i) / 4)).toBeLessThan(span / 8);
    }
    expect(result.exitCode).toBe(PASSED);
  });
});

describe('the sockets of one VU', () => {
  it('wait for none whose handshake hangs for ever, and k6 ends on time', async () => {
    const hanging = await serve([{ handshake: { kind: 'hang' } }]);
    const healthy = await target({ arrivals: true });
    // Every tenth connection hangs, in one VU with the others of its batch.
    const urls = [hanging.url, ...Array.from({ length: 9 }, () => healthy.url)];
    const result = await run({
      WS_URL: urls.join(),
      WS_CONNECTIONS: '100',
      WS_HANDSHAKE_TIMEOUT: '2s',
      // k6 waits for the last replies, and so for the sockets that hang, this long and 5 s more.
      WS_MESSAGE_TIMEOUT: '2s',
      WS_HOLD: '3s',
    });
    const stats = healthy.stats();
    expect(hanging.counts()).toMatchObject({ accepted: 10, hung: 10 });
    expect(stats).toMatchObject({ accepted: 90, peakOpen: 90, closeCodes: { 1000: 90 } });
    expect(booksOf(result)).toMatchObject({
      attempted: 100,
      established: 90,
      ready: 90,
      notReady: {},
      failed: { handshake_timeout: 10 },
      closed: 90,
      sent: stats.received,
      answered: stats.answered,
    });
    expectBalance(result);
    // All arrived at once, and none had to wait until the others were given up after 2 s.
    const arrivals = stats.arrivalsMs ?? [];
    expect(Math.max(...arrivals) - Math.min(...arrivals)).toBeLessThan(2_000);
    expect(result.summary?.latencyMs.connect?.max).toBeLessThan(2_000);
    // 90 % are fewer than the tier asks for.
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(result.durationMs).toBeLessThan((result.summary?.plan.totalMs ?? 0) + 10_000);
  });

  it('end with their last reply, long before its deadline', async () => {
    const server = await serve([{ talk: { kind: 'late', delayMs: 700 } }]);
    const result = await run({ WS_URL: server.url, WS_CONNECTIONS: '50', WS_MESSAGE_TIMEOUT: '40s' });
    const { received } = server.counts();
    expect(booksOf(result)).toMatchObject({ established: 50, closed: 50, sent: received, answered: received });
    expectBalance(result);
    // Each has sent a message less than 700 ms before its close, and k6 would wait 45 s for the last reply.
    expect(result.durationMs).toBeLessThan((result.summary?.plan.totalMs ?? 0) + 20_000);
  });

  it('each have their own outcome', async () => {
    const [refusing, closing, silent, healthy] = await Promise.all([
      serve([{ handshake: { kind: 'status', status: 503 } }]),
      serve([{ ending: { kind: 'close', code: 1011, afterMessages: 1 } }]),
      serve([{ talk: { kind: 'silent' } }]),
      target(),
    ]);
    const result = await run({
      WS_URL: [refusing, closing, silent, healthy].map(({ url }) => url).join(),
      WS_CONNECTIONS: '40',
      // So far apart that no stall of a busy machine brings two together, or makes a reply late.
      WS_HOLD: '2s',
      WS_MESSAGE_INTERVAL: '1400ms',
      WS_MESSAGE_TIMEOUT: '1200ms',
    });
    const unanswered = silent.counts().received;
    expect(booksOf(result)).toEqual({
      attempted: 40,
      established: 30,
      ready: 30,
      notReady: {},
      failed: { http_5xx: 10 },
      closed: 20,
      dropped: { server_close: 10 },
      sent: 10 + unanswered + healthy.stats().received,
      answered: healthy.stats().answered,
      sentOnly: 0,
      messagesFailed: { timeout: unanswered, lost: 10 },
      unexpected: 0,
    });
    expect(unanswered).toBeGreaterThanOrEqual(10);
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });
});
