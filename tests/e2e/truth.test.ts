import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownPort } from '../servers/own-port.mjs';
import { startChild } from '../servers/real/child.mjs';
import { startCookieLogin } from '../servers/spoken/cookie-login.mjs';
import { startIdentities } from '../servers/spoken/identities.mjs';
import { startTicker } from '../servers/spoken/ticker.mjs';
import { booksWith } from './books.ts';
import { afterwards, booksOf, expectBalance, PASSED, SCENARIOS, serve, TARGET_MISSED } from './cases.ts';
import { runK6 } from './helpers.ts';
import { fileWith, forThisTest, summaryOf } from './spoken.ts';
import { target } from './target.ts';

const SHORT = {
  WS_PROFILE: 'smoke',
  WS_CONNECTIONS: '100',
  WS_BATCH_SIZE: '50',
  WS_HOLD: '3s',
  WS_MESSAGE_INTERVAL: '1s',
  WS_MESSAGE_TIMEOUT: '1s',
};

/** The path of an example; by its bare name json-rpc has neither a login nor requests, and only listens. */
const absolute = (conversation: string) => (conversation.endsWith('.ts') ? path.resolve(conversation) : conversation);

/** A conversation that claims less would be green, and nothing would have been measured. */
const LAZY_ADVICE = /WS_CONVERSATION=\S|send-only|`?listen`?\b|any-reply/;

describe.each(SCENARIOS)('$scenario', ({ scenario, transport }) => {
  const run = (env: Record<string, string>, args: string[] = []) =>
    runK6({ scenario, env: { ...SHORT, ...env }, args });

  it('is not green with echo where another protocol is spoken, and never advises what would be', async () => {
    const server = await startChild('rpc-websockets');
    afterwards(server.stop);
    const result = await run({ WS_URL: server.url });
    const { sent, ...books } = booksOf(result);
    expect(books).toEqual({
      ...booksWith({ attempted: 100, established: 100, ready: 100, closed: 100 }),
      sent: undefined,
      messagesFailed: { timeout: sent },
      // Each message was answered with an error that quotes its id.
      unexpected: sent,
    });
    expect(sent).toBeGreaterThanOrEqual(200);
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(result.stdout).not.toMatch(LAZY_ADVICE);
    expect(Object.keys(summaryOf(result).unexpectedFrames).join()).toContain('-32600');
  });

  it('is not green with echo where pushes come and no replies', async () => {
    const server = await forThisTest(startTicker({ everyMs: 200, frame: '{"price":17}' }));
    const result = await run({ WS_URL: server.url });
    const { sent, answered, messagesFailed, unexpected } = booksOf(result);
    expect({ answered, messagesFailed }).toEqual({ answered: 0, messagesFailed: { timeout: sent } });
    expect(sent).toBe(server.counts()['received']);
    expect(unexpected).toBeGreaterThan(1_000);
    expect(unexpected).toBeLessThanOrEqual(server.counts()['pushed'] ?? 0);
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(result.stdout).not.toMatch(LAZY_ADVICE);
  });

  it('claims nothing about replies with send-only', async () => {
    const server = await target();
    const result = await run({ WS_URL: server.url, WS_CONVERSATION: 'send-only' });
    const { received, answered } = server.stats();
    expect(answered).toBe(received);
    expect(booksOf(result)).toMatchObject({ sent: received, answered: 0, sentOnly: received, messagesFailed: {} });
    expect(summaryOf(result).latencyMs).toMatchObject({ roundTrip: null, response: null, firstReply: null });
    expect(summaryOf(result).targets.map(({ name }) => name)).not.toContain('message success');
    expect(result.stdout).toContain(`sent ${received} = sent only ${received}`);
    expect(result.stdout).not.toMatch(/\banswered \d|message success|replied/);
    expect(result.exitCode).toBe(PASSED);
  });

  it('is not green where nothing was asked that wants a reply, whatever else was sent', async () => {
    const server = await target();
    const result = await run({
      WS_URL: server.url,
      WS_CONVERSATION: path.resolve('tests/e2e/conversations/asks-nothing.ts'),
    });
    const { received } = server.stats();
    expect(booksOf(result)).toMatchObject({ sent: received, sentOnly: received, answered: 0 });
    expect(result.stdout).toMatch(/✗ {2}message success .* (nothing measured|none) /);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });

  it.each([
    {
      server: 'chooses none of the sub-protocols that were asked for',
      chosen: undefined,
      asked: { WS_SUBPROTOCOL: 'v1,v2' },
      says: 'the server chose no sub-protocol',
    },
    {
      server: 'chooses one that nobody asked for',
      chosen: 'v9',
      asked: {},
      says: 'the server chose a sub-protocol that was not asked for',
    },
    {
      server: 'chooses another than was asked for',
      chosen: 'v9',
      asked: { WS_SUBPROTOCOL: 'v1' },
      says: 'the server chose a sub-protocol that was not asked for',
    },
  ])('fails connections of which the server $server', async ({ chosen, asked, says }) => {
    const server = await serve([{ handshake: { kind: 'accept', ...(chosen && { subprotocol: chosen }) } }]);
    const result = await run({ WS_URL: server.url, WS_HOLD: '1s', ...(asked as Record<string, string>) });
    const { handshakes, received } = server.counts();
    expect(handshakes).toBe(100);
    // k6/ws tells the sub-protocol only at the end.
    expect(booksOf(result)).toEqual(
      transport === 'websockets'
        ? booksWith({ attempted: 100, failed: { subprotocol: 100 } })
        : booksWith({
            attempted: 100,
            established: 100,
            ready: 100,
            dropped: { subprotocol: 100 },
            sent: received,
            answered: received,
          }),
    );
    expect(summaryOf(result).details).toEqual({ [says]: 100 });
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });

  it('has cookies of its own for each connection: 200 connections are 200 identities', async () => {
    const server = await forThisTest(startIdentities());
    const result = await run({ WS_URL: server.url, WS_CONNECTIONS: '200' });
    expect(server.counts()).toMatchObject({ handshakes: 200, 'new identities': 200 });
    expect(server.counts()['known identities']).toBeUndefined();
    expect(booksOf(result)).toMatchObject({ established: 200, closed: 200, answered: server.counts()['received'] });
    expect(result.exitCode).toBe(PASSED);
  });

  it('takes the session of a login by HTTP along, each connection its own', async () => {
    const server = await forThisTest(startCookieLogin());
    const file = await fileWith(
      'login.ts',
      `import http from 'k6/http';
export default {
  handshake({ url, index }) {
    http.get(url.replace('ws', 'http') + 'login?user=' + index);
    return {};
  },
  requests: { ask: { frames: (session, n) => String(n) } },
  received(session, frame) { session.answered(Number(frame)); },
};
`,
    );
    const result = await run({ WS_URL: server.url, WS_CONVERSATION: file });
    expect(server.counts()).toMatchObject({ logins: 100, sessions: 100 });
    expect(server.counts()).not.toHaveProperty('mixed up');
    expect(booksOf(result)).toMatchObject({ established: 100, closed: 100, answered: server.counts()['received'] });
    expect(result.exitCode).toBe(PASSED);
  });

  it('counts each of 20 pushes a second of 15 KB, or names the generator as the limit', async () => {
    const memory: Record<string, number> = {};
    for (const [form, frame] of [
      ['text', 'x'.repeat(15_000)],
      ['binary', new Uint8Array(15_000).fill(200)],
    ] as const) {
      // The last ones long before the close, at which k6 drops what it has not read.
      const server = await forThisTest(startTicker({ everyMs: 50, frame, frames: 40 }));
      const address = `127.0.0.1:${await ownPort()}`;
      const result = await run(
        { WS_URL: server.url, WS_CONVERSATION: 'listen', WS_HOLD: '4s', WS_GENERATOR_ADDRESS: address },
        [...['--address', address, '--profiling-enabled']],
      );
      const { pushes, generator, connections } = summaryOf(result);
      expect(server.counts()['pushed'], form).toBe(4_000);
      expect(connections, form).toMatchObject({ established: 100, dropped: {} });
      if (generator.limits.length === 0) expect(pushes, form).toEqual({ frame: 4_000 });
      else expect(generator.limits.join(), form).toMatch(/late|stalled|frames/);
      expectBalance(result);
      memory[form] = generator.memoryBytes ?? Number.POSITIVE_INFINITY;
    }
    expect(memory['binary'] ?? 0).toBeLessThan(1.3 * (memory['text'] ?? 0));
  });
});

it.each(['socket.io', 'graphql-transport-ws', 'mqtt', 'stomp', 'examples/json-rpc.ts'])(
  '%s is not green with a server that pushes and never answers',
  async (conversation) => {
    const server = await forThisTest(startTicker({ everyMs: 200, frame: '{"price":17}' }));
    const result = await runK6({
      scenario: 'multiplexed',
      env: { ...SHORT, WS_URL: server.url, WS_CONVERSATION: absolute(conversation), WS_READY_TIMEOUT: '2s' },
    });
    expect(summaryOf(result).messages.answered).toBe(0);
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(result.stdout).not.toMatch(LAZY_ADVICE);
  },
);
