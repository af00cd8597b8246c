import { describe, expect, it } from 'vitest';
import { booksOf, INTERRUPTED, PATIENT, SCENARIOS, SHORT, serve } from './cases.ts';
import { startK6 } from './helpers.ts';

describe.each(SCENARIOS)('the books of $scenario', ({ scenario }) => {
  it.each(['SIGINT', 'SIGTERM'] as const)('call what %s cut off interrupted', async (signal) => {
    const server = await serve([{ talk: { kind: 'silent' } }]);
    const run = await startK6({
      scenario,
      env: {
        ...SHORT,
        ...PATIENT,
        WS_URL: server.url,
        WS_CONNECTIONS: '1000',
        WS_HOLD: '60s',
        WS_MESSAGE_TIMEOUT: '60s',
      },
    });
    await run.meanwhile(
      'all had talked',
      server.until(({ speakers }) => speakers === 1_000),
    );
    run.child.kill(signal);
    const result = await run.result;
    const { sent, ...books } = booksOf(result);
    expect(books).toEqual({
      attempted: 1_000,
      established: 1_000,
      ready: 1_000,
      notReady: {},
      failed: {},
      closed: 0,
      dropped: { interrupted: 1_000 },
      answered: 0,
      sentOnly: 0,
      messagesFailed: { interrupted: sent },
      unexpected: 0,
    });
    expect(sent).toBeGreaterThanOrEqual(1_000);
    expect(result.stdout).toContain('Balance');
    expect(result.exitCode).toBe(INTERRUPTED);
  });

  it('of a ramp that is interrupted tell what was never attempted', async () => {
    const server = await serve([{}]);
    const run = await startK6({
      scenario,
      // The next batch is far away when the first has talked.
      env: { ...SHORT, ...PATIENT, WS_URL: server.url, WS_CONNECTIONS: '500', WS_BATCH_DELAY: '30s' },
    });
    await run.meanwhile(
      'a batch had talked',
      server.until(({ speakers }) => speakers === 50),
    );
    run.child.kill('SIGINT');
    const result = await run.result;
    const { attempted, established, dropped } = booksOf(result);
    expect({ attempted, established, dropped }).toEqual({
      attempted: server.counts().accepted,
      established: server.counts().handshakes,
      dropped: { interrupted: server.counts().handshakes },
    });
    expect(result.summary?.connections).toMatchObject({ planned: 500, unattempted: 500 - attempted });
    expect(result.exitCode).toBe(INTERRUPTED);
  });
});
