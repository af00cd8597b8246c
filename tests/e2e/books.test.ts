import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Behaviour, shares } from '../servers/behaviour.mjs';
import { type Counts, noCounts } from '../servers/counts.mjs';
import { forkFaultServer } from '../servers/fault-process.mjs';
import { closedPort, startFaultServer } from '../servers/fault-server.mjs';
import { addBooks, type Books, healthyBooks, reportedBooks } from './books.ts';
import {
  ENDING_FAULTS,
  expectedBooks,
  type Fault,
  HANDSHAKE_FAULTS,
  HANDSHAKE_TIMEOUT_MS,
  MESSAGE_INTERVAL_MS,
  MESSAGE_TIMEOUT_MS,
  ORDER_FAULTS,
  REPLY_FAULTS,
} from './faults.ts';
import { type K6Result, runK6, startK6 } from './helpers.ts';

/** Exit codes of k6. */
const PASSED = 0;
const TARGET_MISSED = 99;
const INTERRUPTED = 105;

const SCENARIOS = [{ scenario: 'concurrent', transport: 'ws' }] as const;

const SHORT = {
  WS_PROFILE: 'smoke',
  WS_BATCH_SIZE: '50',
  WS_HOLD: '3s',
  WS_HANDSHAKE_TIMEOUT: `${HANDSHAKE_TIMEOUT_MS}ms`,
  WS_MESSAGE_INTERVAL: `${MESSAGE_INTERVAL_MS}ms`,
  WS_MESSAGE_TIMEOUT: `${MESSAGE_TIMEOUT_MS}ms`,
  WS_HEADERS: '{"Authorization":"Bearer hunter2"}',
};

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function serve(script: Behaviour[]) {
  const server = await startFaultServer({ script });
  cleanups.push(server.close);
  return server;
}

/** All faults in one run, an equal share of the connections each: what the report says and what it must say. */
async function runOver(
  scenario: string,
  transport: 'ws' | 'websockets',
  faults: Fault[],
  share: number,
  env: Record<string, string> = {},
) {
  const servers = await Promise.all(faults.map(async ({ behaviour }) => (behaviour ? serve([behaviour]) : null)));
  const closed = `ws://127.0.0.1:${await closedPort()}/`;
  const result = await runK6({
    scenario,
    samples: true,
    env: {
      ...SHORT,
      WS_URL: servers.map((server) => `${server?.url ?? closed}?token=hunter2`).join(),
      WS_CONNECTIONS: String(faults.length * share),
      ...env,
    },
  });
  const expected = addBooks(
    faults.map((fault, i) => expectedBooks(fault, servers[i]?.counts() ?? noCounts(), transport)),
  );
  return { result, expected, servers };
}

function booksOf({ summary, stdout, stderr }: K6Result): Books {
  if (!summary) throw new Error(`no summary.json:\n${stdout}\n${stderr}`);
  return reportedBooks(summary);
}

function expectBalance({ summary, stdout }: K6Result): void {
  expect(summary?.differences).toEqual([]);
  expect(summary?.balanced).toBe(true);
  expect(stdout).toContain('Balance');
}

/** WS_URL and WS_HEADERS held it, and so did the close frames. */
function expectNoSecret({ stdout, stderr, summary, samples }: K6Result): void {
  for (const text of [stdout, stderr, JSON.stringify(summary), samples]) expect(text).not.toContain('hunter2');
}

describe.each(SCENARIOS)('the books of $scenario', ({ scenario, transport }) => {
  // It takes the 60 s after which k6 gives up a handshake, and next to no CPU: it runs beside the other tests.
  let hanging: Promise<{ result: K6Result; counts: Counts }>;
  beforeAll(async () => {
    const server = await startFaultServer({ script: [{ handshake: { kind: 'hang' } }] });
    const run = await startK6({ scenario, env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '200' } });
    hanging = run.result.then(async (result) => {
      const counts = server.counts();
      await server.close();
      return { result, counts };
    });
    // Its own test reports a failure.
    hanging.catch(() => {});
  });

  it('are those of servers that misbehave in the handshake', async () => {
    const refused: Fault = {
      name: 'refused',
      behaviour: null,
      books: () => ({ attempted: 6, failed: { refused: 6 } }),
    };
    const { result, expected } = await runOver(scenario, transport, [...HANDSHAKE_FAULTS, refused], 6);
    expect(booksOf(result)).toEqual(expected);
    expectBalance(result);
    expectNoSecret(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
    if (transport === 'ws') {
      expect(result.summary?.details).toMatchObject({
        'HTTP 302': 6,
        'HTTP 429': 6,
        'HTTP 503': 6,
        'HTTP 101 with a wrong Upgrade, Connection, accept key or extension': 6,
        'dial tcp #: connect: connection refused': 6,
      });
    }
  });

  it('are those of servers that end connections', async () => {
    const { result, expected } = await runOver(scenario, transport, ENDING_FAULTS, 5);
    expect(booksOf(result)).toEqual(expected);
    expectBalance(result);
    expectNoSecret(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
    if (transport === 'ws') expect(result.summary?.details).toMatchObject({ 'close 1011': 10, 'close 4321': 5 });
  });

  it('are those of servers that reply late, twice, wrongly, in other forms or not at all', async () => {
    const { result, expected } = await runOver(scenario, transport, REPLY_FAULTS, 5);
    expect(booksOf(result)).toEqual(expected);
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });

  it('are those of a server that replies out of order', async () => {
    const { result, expected } = await runOver(scenario, transport, ORDER_FAULTS, 10, {
      WS_MESSAGE_INTERVAL: '300ms',
      WS_MESSAGE_TIMEOUT: '2s',
    });
    expect(booksOf(result)).toEqual(expected);
    expectBalance(result);
  });

  it('are those of a server that accepts only so many', async () => {
    const server = await startFaultServer({ script: [{}], stopListeningAfter: 20 });
    cleanups.push(server.close);
    const result = await runK6({
      scenario,
      env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '60', WS_BATCH_SIZE: '20', WS_BATCH_DELAY: '500ms' },
    });
    expect(booksOf(result)).toEqual({ ...healthyBooks(server.counts()), attempted: 60, failed: { refused: 40 } });
    expect(server.counts().accepted).toBe(20);
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });

  it.each([
    { refused: 1, of: 40, exitCode: PASSED },
    { refused: 1, of: 4, exitCode: TARGET_MISSED },
  ])('name $refused refused of $of, with exit code $exitCode', async ({ refused, of, exitCode }) => {
    const server = await serve(shares([of - refused, {}], [refused, { handshake: { kind: 'status', status: 429 } }]));
    const result = await runK6({ scenario, env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '80' } });
    expect(booksOf(result)).toEqual({
      ...healthyBooks(server.counts()),
      failed: { http_4xx: (80 / of) * refused },
    });
    expectBalance(result);
    expect(result.exitCode).toBe(exitCode);
  });

  it('of a run that measured no message fail it', async () => {
    const server = await serve([{}]);
    const result = await runK6({
      scenario,
      env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '20', WS_HOLD: '1s', WS_MESSAGE_INTERVAL: '24h' },
    });
    expect(booksOf(result)).toEqual({ ...healthyBooks(server.counts()), established: 20, closed: 20, sent: 0 });
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });

  it('count each message to a server that stopped reading as sent and timed out', async () => {
    const server = await serve([{ talk: { kind: 'stopReading' } }]);
    const result = await runK6({
      scenario,
      env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '10', WS_MESSAGE_SIZE: '30KB' },
    });
    const books = booksOf(result);
    expect(books).toEqual({
      ...healthyBooks(server.counts()),
      closed: 10,
      sent: books.sent,
      messagesFailed: { timeout: books.sent },
    });
    expect(books.sent).toBeGreaterThanOrEqual(10);
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });

  it.each<{ protocol: string; behaviour: Behaviour }>([
    { protocol: 'echo', behaviour: {} },
    { protocol: 'any-reply', behaviour: {} },
    { protocol: 'send-only', behaviour: { talk: { kind: 'silent' } } },
    { protocol: 'listen', behaviour: { talk: { kind: 'push', frames: 2 } } },
  ])('of $protocol balance with nothing lost on a healthy server', async ({ protocol, behaviour }) => {
    const server = await serve([behaviour]);
    const result = await runK6({
      scenario,
      env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '50', WS_HOLD: '2s', WS_PROTOCOL: protocol },
    });
    const { received, replies } = server.counts();
    expect(booksOf(result)).toEqual({
      ...healthyBooks(server.counts()),
      established: 50,
      closed: 50,
      replied: received,
      unexpected: replies['push'] ?? 0,
    });
    expect(received > 0).toBe(protocol !== 'listen');
    expectBalance(result);
    expect(result.exitCode).toBe(PASSED);
  });

  it('account for a server that is killed: every connection dropped, every message, no further attempt', async () => {
    const server = await forkFaultServer([{ talk: { kind: 'silent' } }]);
    cleanups.push(server.kill);
    const run = await startK6({
      scenario,
      env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '200', WS_MESSAGE_TIMEOUT: '10s' },
    });
    await server.until((counts) => counts.open === 200 && counts.speakers === 200);
    await server.kill();
    const result = await run.result;
    const { sent, ...books } = booksOf(result);
    expect(books).toEqual({
      attempted: 200,
      established: 200,
      failed: {},
      closed: 0,
      dropped: { reset: 200 },
      replied: 0,
      messagesFailed: { lost: sent },
      unexpected: 0,
    });
    expect(sent).toBeGreaterThanOrEqual(200);
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(result.summary?.durationMs).toBeLessThanOrEqual(result.summary?.plan.totalMs ?? 0);
  });

  it('account for a server that freezes: messages time out, and the test ends as planned', async () => {
    const server = await forkFaultServer([{}]);
    cleanups.push(server.kill);
    const run = await startK6({ scenario, env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '100' } });
    await server.until((counts) => counts.speakers === 100);
    server.freeze();
    const result = await run.result;
    const books = booksOf(result);
    expect(books).toMatchObject({ attempted: 100, established: 100, failed: {}, closed: 100, dropped: {} });
    expect(books.messagesFailed).toEqual({ timeout: books.sent - books.replied });
    expect(books.sent).toBeGreaterThan(books.replied);
    server.thaw();
    await server.until((counts) => counts.received === books.sent && counts.open === 0);
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('call what %s cut off interrupted', async (signal) => {
    const server = await serve([{ talk: { kind: 'silent' } }]);
    const run = await startK6({
      scenario,
      env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '1000', WS_HOLD: '60s', WS_MESSAGE_TIMEOUT: '60s' },
    });
    await server.until((counts) => counts.speakers === 1_000);
    run.child.kill(signal);
    const result = await run.result;
    const { sent, ...books } = booksOf(result);
    expect(books).toEqual({
      attempted: 1_000,
      established: 1_000,
      failed: {},
      closed: 0,
      dropped: { interrupted: 1_000 },
      replied: 0,
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
      env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '500', WS_BATCH_DELAY: '2s' },
    });
    await server.until((counts) => counts.speakers === 50);
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

  it('of a server that hangs in the handshake are 200 timeouts, once k6 has given up on them', async () => {
    const { result, counts } = await hanging;
    expect(counts).toMatchObject({ accepted: 200, hung: 200 });
    expect(booksOf(result)).toEqual({ ...healthyBooks(counts), failed: { handshake_timeout: 200 } });
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(result.stdout).toMatch(/It took \S+ longer/);
    expect(result.stderr.split('\n').length).toBeLessThan(100);
  });
});
