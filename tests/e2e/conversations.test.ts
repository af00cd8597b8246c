import { describe, expect, it } from 'vitest';
import { READY_MS, startDoors } from '../servers/spoken/doors.mjs';
import { startPackets } from '../servers/spoken/packets.mjs';
import { startParting } from '../servers/spoken/parting.mjs';
import { startPulse } from '../servers/spoken/pulse.mjs';
import { startShop } from '../servers/spoken/shop.mjs';
import { startSteps } from '../servers/spoken/steps.mjs';
import { booksWith } from './books.ts';
import { booksOf, expectBalance, PASSED, SCENARIOS, TARGET_MISSED } from './cases.ts';
import { runK6 } from './helpers.ts';
import { booksAtTheDoors, countsOf, fileWith, forThisTest, moduleOf, summaryOf } from './spoken.ts';

const CONNECTIONS = 120;

const SHORT = {
  WS_PROFILE: 'smoke',
  WS_CONNECTIONS: String(CONNECTIONS),
  WS_BATCH_SIZE: '40',
  WS_HOLD: '3s',
  WS_MESSAGE_INTERVAL: '400ms',
};

describe.each(SCENARIOS)('$scenario speaks with a server', ({ scenario, transport }) => {
  const run = (conversation: string, env: Record<string, string>) =>
    runK6({ scenario, env: { ...SHORT, WS_CONVERSATION: moduleOf(conversation), ...env } });

  it('that wants several steps of a login, and in each request the reply to the one before', async () => {
    const users = Array.from({ length: CONNECTIONS }, (_, i) => [`user ${i}`, `secret, "${i}"`] as const);
    const rows = users.map(([name, secret]) => `${name},"${secret.replaceAll('"', '""')}"`);
    const server = await forThisTest(startSteps(new Map(users)));
    const result = await run('steps', {
      WS_URL: server.url,
      WS_USERS: await fileWith('users.csv', `\ufeffname,secret\r\n${rows.join('\r\n')}\r\n`),
    });
    const { entered = 0, asked = 0, ...counts } = server.counts();
    expect(booksOf(result)).toEqual(
      booksWith({
        attempted: CONNECTIONS,
        established: counts['handshakes'] ?? 0,
        ready: entered,
        closed: counts['byes'] ?? 0,
        sent: asked,
        answered: asked,
      }),
    );
    expect(counts).toEqual({
      handshakes: CONNECTIONS,
      challenged: CONNECTIONS,
      proven: CONNECTIONS,
      byes: CONNECTIONS,
      'closed 1000': CONNECTIONS,
      open: 0,
    });
    expect(asked).toBeGreaterThan(2 * CONNECTIONS);
    expect(summaryOf(result).latencyMs.ready?.count).toBe(CONNECTIONS);
    expectBalance(result);
    expect(result.exitCode).toBe(PASSED);
    expect(result.stdout).toContain('120 users, each connection its own.');
  });

  it('that refuses logins with a word or a close, lets them in too late, or never answers', async () => {
    const server = await forThisTest(startDoors());
    const result = await run('doors', { WS_URL: server.url, WS_READY_TIMEOUT: `${READY_MS}ms` });
    const counts = server.counts();
    expect(booksOf(result)).toEqual({ ...booksAtTheDoors(counts), attempted: CONNECTIONS });
    // All but those that the server itself turned away.
    expect(counts['closed 1000']).toBe((CONNECTIONS / 5) * 4);
    expect(summaryOf(result).details).toEqual({
      'close 4401: bad token: the door said: bad token': counts['turned away'],
    });
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
    expect(summaryOf(result).targets.filter(({ pass }) => pass === false)).toMatchObject([{ name: 'logins' }]);
  });

  it('that refuses requests in band, and answers others with several frames', async () => {
    const server = await forThisTest(startShop());
    const result = await run('shop', { WS_URL: server.url, WS_MESSAGE_INTERVAL: '250ms' });
    const { buy = 0, list = 0, watch = 0, note = 0, ...counts } = server.counts();
    const refused = countsOf({ 'sold out': counts['sold out'], 'error ##': counts['error 42'] });
    const refusals = (counts['sold out'] ?? 0) + (counts['error 42'] ?? 0);
    const { messages, latencyMs } = summaryOf(result);
    expect(booksOf(result)).toEqual(
      booksWith({
        attempted: CONNECTIONS,
        established: CONNECTIONS,
        ready: CONNECTIONS,
        closed: counts['closed 1000'] ?? 0,
        sent: buy + list + watch + note,
        answered: buy - refusals + list + watch,
        sentOnly: note,
        messagesFailed: { refused: refusals },
      }),
    );
    expect(messages.refused).toEqual(refused);
    expect(messages.byRequest).toMatchObject({
      buy: { sent: buy, answered: buy - refusals, failed: refusals, latencyMs: { count: buy - refusals } },
      list: { sent: list, answered: list, failed: 0, latencyMs: { count: list } },
      watch: { sent: watch, answered: watch, failed: 0, latencyMs: { count: watch } },
      note: { sent: note, answered: 0, failed: 0, latencyMs: null },
    });
    expect(latencyMs.firstReply?.count).toBe(list + watch);
    // By weight: half of all are `buy`.
    expect(Math.abs(buy / (buy + list + watch + note) - 0.5)).toBeLessThan(0.1);
    expectBalance(result);
  });

  it('that takes and sends operations in heaps and in pieces, in binary', async () => {
    const server = await forThisTest(startPackets());
    const result = await run('packets', { WS_URL: server.url });
    const { asked = 0, logins = 0, news = 0, ...counts } = server.counts();
    expect(booksOf(result)).toEqual(
      booksWith({
        attempted: CONNECTIONS,
        established: CONNECTIONS,
        ready: logins,
        closed: counts['closed 1000'] ?? 0,
        sent: asked,
        answered: asked,
      }),
    );
    const { pushes, messages } = summaryOf(result);
    expect(pushes).toEqual({ news });
    expect(counts['text frames']).toBeUndefined();
    // Two frames of the login, three of each request in pieces, one of each in a heap.
    const { pieces, heap } = messages.byRequest ?? {};
    expect(counts['binary frames']).toBe(2 * logins + 3 * (pieces?.sent ?? 0) + (heap?.sent ?? 0));
    expectBalance(result);
    expect(result.exitCode).toBe(PASSED);
  });

  it('that wants heartbeats and their answers, and puts out whom it misses', async () => {
    const server = await forThisTest(startPulse());
    const result = await run('pulse', { WS_URL: server.url, WS_HOLD: '5s' });
    const counts = server.counts();
    const mute = counts['no pong'] ?? 0;
    const forgetful = counts['not alive'] ?? 0;
    expect([mute, forgetful]).toEqual([CONNECTIONS / 4, CONNECTIONS / 4]);
    expect(booksOf(result)).toEqual(
      booksWith({
        attempted: CONNECTIONS,
        established: CONNECTIONS,
        ready: CONNECTIONS,
        closed: CONNECTIONS / 2,
        dropped: { server_close: mute + forgetful },
      }),
    );
    expect(summaryOf(result).details).toEqual({
      'close 4408: no pong: a heartbeat was not answered': mute,
      'close 4409: not alive: a heartbeat was forgotten': forgetful,
    });
    // WebSocket's own pings: one a second on each.
    expect(counts['pings']).toBeGreaterThanOrEqual(2 * CONNECTIONS);
    expectBalance(result);
    expect(result.exitCode).toBe(TARGET_MISSED);
  });

  it('that answers a goodbye by a word or by any close or not at all, and puts some out with words', async () => {
    const server = await forThisTest(startParting());
    const result = await run('parting', { WS_URL: server.url, WS_MESSAGE_TIMEOUT: '2s' });
    const { asked = 0, byes = 0, ...counts } = server.counts();
    const putOut = counts['put out'] ?? 0;
    expect(putOut).toBe(CONNECTIONS / 8);
    expect(booksOf(result)).toEqual(
      booksWith({
        attempted: CONNECTIONS,
        established: CONNECTIONS,
        ready: CONNECTIONS,
        closed: byes,
        dropped: { server_close: putOut },
        sent: asked + putOut,
        answered: asked,
        messagesFailed: { lost: putOut },
      }),
    );
    expect(summaryOf(result).details).toEqual({
      'close 4010: maintenance of node-#: put out for maintenance': putOut,
      'the goodbye was not answered': counts['unanswered byes'],
    });
    // By us: those whose goodbye was answered with a word, and those whose was not answered.
    expect(counts['closed 1000']).toBe(CONNECTIONS / 4 + (counts['unanswered byes'] ?? 0));
    expect(counts['unanswered byes']).toBe(CONNECTIONS / 8);
    expectBalance(result);
    expect(result.exitCode, transport).toBe(TARGET_MISSED);
  });
});
