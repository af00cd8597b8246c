import { beforeAll, describe, expect, it } from 'vitest';
import { type Behaviour, shares } from '../servers/behaviour.mjs';
import type { Counts } from '../servers/counts.mjs';
import { startFaultServer } from '../servers/fault-server.mjs';
import { healthyBooks } from './books.ts';
import {
  afterwards,
  booksOf,
  expectBalance,
  expectNoSecret,
  PASSED,
  SCENARIOS,
  SHORT,
  serve,
  TARGET_MISSED,
} from './cases.ts';
import { runOver } from './fault-run.ts';
import { ENDING_FAULTS, ENDING_PACE, type Fault, HANDSHAKE_FAULTS, ORDER_FAULTS, REPLY_FAULTS } from './faults.ts';
import { type K6Result, runK6, startK6 } from './helpers.ts';

/** By scenario. It takes the 60 s after which k6 gives up a handshake, and next to no CPU: beside the other tests. */
const hanging = new Map<string, Promise<{ result: K6Result; counts: Counts }>>();
beforeAll(async () => {
  for (const { scenario } of SCENARIOS) {
    const server = await startFaultServer({ script: [{ handshake: { kind: 'hang' } }] });
    const run = await startK6({ scenario, env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '200' } });
    const outcome = run.result.then(async (result) => {
      const counts = server.counts();
      await server.close();
      return { result, counts };
    });
    // Its own test reports a failure.
    outcome.catch(() => {});
    hanging.set(scenario, outcome);
  }
});

describe.each(SCENARIOS)('the books of $scenario', ({ scenario, transport }) => {
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
    expect(result.summary?.details).toMatchObject({
      'HTTP 302': 6,
      'HTTP 429': 6,
      'HTTP 503': 6,
      'dial tcp #: connect: connection refused': 6,
      [transport === 'ws' ? 'HTTP 101 with a wrong Upgrade, Connection or accept key' : 'websocket: bad handshake']: 6,
    });
  });

  it('are those of servers that end connections', async () => {
    const { result, expected } = await runOver(scenario, transport, ENDING_FAULTS, 5, ENDING_PACE);
    expect(booksOf(result)).toEqual(expected);
    expectBalance(result);
    expectNoSecret(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
    if (transport === 'ws')
      expect(result.summary?.details).toMatchObject({
        'close 1011': 5,
        'close 1011: token: #': 5,
        'close 4321: token: #': 5,
      });
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
    afterwards(server.close);
    const result = await runK6({
      scenario,
      // The next batch comes when the server has long taken the last one of the first.
      env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '40', WS_BATCH_SIZE: '20', WS_BATCH_DELAY: '1500ms' },
    });
    expect(booksOf(result)).toEqual({ ...healthyBooks(server.counts()), attempted: 40, failed: { refused: 20 } });
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

  it.each([
    { dropped: 1, of: 40, how: 'pass', missed: [] },
    { dropped: 1, of: 4, how: 'miss "connections held"', missed: ['connections held'] },
  ])(
    'of a server that lets $dropped of $of go $how, although each was established',
    async ({ dropped, of, missed }) => {
      const server = await serve(shares([of - dropped, {}], [dropped, { ending: { kind: 'vanish', afterMs: 500 } }]));
      const result = await runK6({
        scenario,
        // No message that a drop could take with it.
        env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '80', WS_CONVERSATION: 'listen' },
      });
      expect(booksOf(result)).toEqual({
        ...healthyBooks(server.counts()),
        established: 80,
        ready: 80,
        notReady: {},
        dropped: { reset: (80 / of) * dropped },
      });
      expectBalance(result);
      const held = result.summary?.targets.find(({ name }) => name === 'connections held');
      expect(held?.actual).toBe(1 - dropped / of);
      const failed = result.summary?.targets.filter(({ pass }) => pass === false) ?? [];
      expect(failed.map(({ name }) => name)).toEqual(missed);
      expect(result.exitCode).toBe(missed.length > 0 ? TARGET_MISSED : PASSED);
    },
  );

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

  it('of send-only do not hang on a server that stopped reading', async () => {
    const server = await serve([{ talk: { kind: 'stopReading' } }]);
    const result = await runK6({
      scenario,
      limitMs: 60_000,
      env: {
        ...SHORT,
        WS_URL: server.url,
        WS_CONNECTIONS: '10',
        WS_CONVERSATION: 'send-only',
        WS_MESSAGE_SIZE: '60KB',
        WS_MESSAGE_INTERVAL: '20ms',
      },
    });
    const books = booksOf(result);
    expect(books).toEqual({
      ...healthyBooks(server.counts()),
      closed: 10,
      sent: books.sent,
      answered: 0,
      sentOnly: books.sent,
    });
    expect(books.sent).toBeGreaterThanOrEqual(10);
    expectBalance(result);
  });

  it.each<{ conversation: string; behaviour: Behaviour }>([
    { conversation: 'echo', behaviour: {} },
    { conversation: 'send-only', behaviour: { talk: { kind: 'silent' } } },
    { conversation: 'listen', behaviour: { talk: { kind: 'push', frames: 2 } } },
  ])('of $conversation balance with nothing lost on a healthy server', async ({ conversation, behaviour }) => {
    const server = await serve([behaviour]);
    const result = await runK6({
      scenario,
      env: { ...SHORT, WS_URL: server.url, WS_CONNECTIONS: '50', WS_HOLD: '2s', WS_CONVERSATION: conversation },
    });
    const { received, replies } = server.counts();
    expect(booksOf(result)).toEqual({
      ...healthyBooks(server.counts()),
      established: 50,
      ready: 50,
      notReady: {},
      closed: 50,
      answered: conversation === 'echo' ? received : 0,
      sentOnly: conversation === 'send-only' ? received : 0,
    });
    expect(result.summary?.pushes).toEqual(conversation === 'listen' ? { frame: replies['push'] } : {});
    expect(received > 0).toBe(conversation !== 'listen');
    expectBalance(result);
    expect(result.exitCode).toBe(PASSED);
  });

  it('of a server that hangs in the handshake are 200 timeouts, once k6 has given up on them', async () => {
    const { result, counts } = await (hanging.get(scenario) as NonNullable<ReturnType<typeof hanging.get>>);
    expect(counts).toMatchObject({ accepted: 200, hung: 200 });
    expect(booksOf(result)).toEqual({ ...healthyBooks(counts), failed: { handshake_timeout: 200 } });
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(result.stdout).toMatch(/It took \S+ longer/);
    expect(result.stderr.split('\n').length).toBeLessThan(100);
  });
});
