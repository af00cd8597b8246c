import { describe, expect, it } from 'vitest';
import { forkFaultServer } from '../servers/fault-process.mjs';
import { afterwards, booksOf, expectBalance, PATIENT, SCENARIOS, SHORT, TARGET_MISSED } from './cases.ts';
import { startK6 } from './helpers.ts';

describe.each(SCENARIOS)('the books of $scenario', ({ scenario }) => {
  it('account for a server that is killed: every connection dropped, every message, no further attempt', async () => {
    const server = await forkFaultServer([{ talk: { kind: 'silent' } }]);
    afterwards(server.kill);
    const run = await startK6({
      scenario,
      env: { ...SHORT, ...PATIENT, WS_URL: server.url, WS_CONNECTIONS: '200', WS_MESSAGE_TIMEOUT: '10s' },
    });
    await run.meanwhile(
      'all had talked',
      server.until(({ open, speakers }) => open === 200 && speakers === 200),
    );
    await server.kill();
    const result = await run.result;
    const { sent, ...books } = booksOf(result);
    expect(books).toEqual({
      attempted: 200,
      established: 200,
      ready: 200,
      notReady: {},
      failed: {},
      closed: 0,
      dropped: { reset: 200 },
      answered: 0,
      sentOnly: 0,
      messagesFailed: { lost: sent },
      unexpected: 0,
    });
    expect(sent).toBeGreaterThanOrEqual(200);
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(result.summary?.durationMs).toBeLessThan((result.summary?.plan.totalMs ?? 0) + 10_000);
  });

  it('account for a server that freezes: messages time out, and the test ends as planned', async () => {
    const server = await forkFaultServer([{}]);
    afterwards(server.kill);
    const run = await startK6({
      scenario,
      env: { ...SHORT, ...PATIENT, WS_URL: server.url, WS_CONNECTIONS: '100' },
    });
    await run.meanwhile(
      'all had talked',
      server.until(({ speakers }) => speakers === 100),
    );
    server.freeze();
    const result = await run.result;
    const books = booksOf(result);
    expect(books).toMatchObject({ attempted: 100, established: 100, failed: {}, closed: 100, dropped: {} });
    expect(books.messagesFailed).toEqual({ timeout: books.sent - books.answered });
    expect(books.sent).toBeGreaterThan(books.answered);
    server.thaw();
    await server.until((counts) => counts.received === books.sent && counts.open === 0);
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });
});
