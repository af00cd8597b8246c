import { describe, expect, it } from 'vitest';
import { accountOf, sum } from '../../../lib/report/account.ts';
import type { K6Metric } from '../../../lib/report/k6-data.ts';
import { CHAT, ECHO, LISTEN, SEND_ONLY } from '../some-traits.ts';
import { type Happened, k6DataOf } from './k6-data-of.ts';

const HEALTHY: Happened = { attempted: 100, established: 100, closed: 100, sent: 200, answered: 200 };
const CHATTING: Happened = {
  ...HEALTHY,
  ready: 100,
  sent: 300,
  requests: { history: { sent: 200, answered: 200 }, say: { sent: 100 } },
  deliveries: { expected: 400, delivered: 400 },
};

const account = (happened: Happened, traits = ECHO, isWhole = true) =>
  accountOf(k6DataOf(happened), 100, traits, isWhole);
const counted = (count: number): K6Metric => ({ type: 'counter', contains: 'default', values: { count } });

describe('the account', () => {
  it('of a healthy run balances, with no reason that never occurred', () => {
    expect(account(HEALTHY)).toEqual({
      connections: {
        planned: 100,
        attempted: 100,
        unattempted: 0,
        established: 100,
        failed: {},
        ready: 100,
        notReady: {},
        closed: 100,
        dropped: {},
      },
      messages: { sent: 200, answered: 200, sentOnly: 0, failed: {}, refused: {}, unexpected: 0 },
      pushes: {},
      deliveries: null,
      statuses: {},
      balanced: true,
      differences: [],
    });
  });

  it('does not balance where a message has no outcome and its connection was not cut off', () => {
    const { balanced, differences } = account({ ...HEALTHY, answered: 190 });
    expect([balanced, differences]).toEqual([false, ['messages: 10 without an outcome, but the counter says 0']]);
    expect(account({ ...HEALTHY, closed: 90, answered: 190 }).balanced).toBe(true);
  });

  it('counts failures, drops and lost messages by reason', () => {
    const { connections, messages, balanced } = account({
      attempted: 100,
      established: 90,
      failed: { refused: 7, handshake_timeout: 3 },
      closed: 85,
      dropped: { server_close: 5 },
      sent: 200,
      answered: 190,
      messagesFailed: { timeout: 4, lost: 5, refused: 1 },
      unexpected: 2,
      checks: { 'ws refused: no such room': 1 },
    });
    expect(connections.failed).toEqual({ refused: 7, handshake_timeout: 3 });
    expect(connections.dropped).toEqual({ server_close: 5 });
    expect(messages).toEqual({
      sent: 200,
      answered: 190,
      sentOnly: 0,
      failed: { timeout: 4, lost: 5, refused: 1 },
      refused: { 'no such room': 1 },
      unexpected: 2,
    });
    expect(balanced).toBe(true);
  });

  it('takes all established ones for ready where there is no login', () => {
    expect(account({ attempted: 9, established: 9, closed: 9 }, LISTEN).connections).toMatchObject({ ready: 9 });
  });

  it('counts logins that failed by reason and by the word of the conversation', () => {
    const { connections, balanced } = account(
      {
        ...CHATTING,
        ready: 80,
        closed: 80,
        // Those with a word carry it as their reason, which no threshold names.
        notReady: { timeout: 7, 'wrong password': 9, 'no room': 1, lost: 3 },
        checks: { 'ws not ready: wrong password': 9, 'ws not ready: no room': 1 },
      },
      CHAT,
    );
    expect(connections.notReady).toEqual({ timeout: 7, 'wrong password': 9, 'no room': 1, other: 3 });
    expect(balanced).toBe(true);
  });

  it('calls `other` what neither a reason nor a word names, of drops and pushes too', () => {
    const { connections, pushes } = account({
      ...HEALTHY,
      closed: 90,
      dropped: { reset: 4 },
      checks: { 'ws dropped: kicked': 5, 'ws push: ticker': 30, 'ws push: other': 2 },
      metrics: { ws_connections_dropped: counted(10), ws_pushes: counted(40) },
    });
    expect(connections.dropped).toEqual({ reset: 4, kicked: 5, other: 1 });
    expect(pushes).toEqual({ ticker: 30, other: 10 });
  });

  it('of a word that is also a reason adds both', () => {
    const { connections } = account({
      ...HEALTHY,
      closed: 95,
      dropped: { reset: 3 },
      checks: { 'ws dropped: reset': 2 },
    });
    expect(connections.dropped).toEqual({ reset: 5 });
  });

  it('claims of requests that wait for nothing only that they were sent', () => {
    const { messages, balanced } = account({ ...HEALTHY, answered: 0 }, SEND_ONLY);
    expect(messages).toMatchObject({ sent: 200, answered: 0, sentOnly: 200, failed: {} });
    expect(balanced).toBe(true);
  });

  it('has the books of each kind of request, where there are several', () => {
    const { messages, balanced } = account(
      {
        ...CHATTING,
        answered: 190,
        messagesFailed: { timeout: 10 },
        requests: { history: { sent: 200, answered: 190, rttMs: 3 }, say: { sent: 100 } },
      },
      CHAT,
    );
    expect(messages.sentOnly).toBe(100);
    expect(messages.byRequest).toEqual({
      history: { sent: 200, answered: 190, failed: 10, latencyMs: expect.objectContaining({ count: 190, p95: 3 }) },
      say: { sent: 100, answered: 0, failed: 0, latencyMs: null },
    });
    expect(balanced).toBe(true);
    expect(account(HEALTHY).messages.byRequest).toBeUndefined();
  });

  it('counts deliveries, those that are missing and those that came twice', () => {
    const of = (deliveries: NonNullable<Happened['deliveries']>) => account({ ...CHATTING, deliveries }, CHAT);
    expect(of({ expected: 400, delivered: 390, duplicate: 3 })).toMatchObject({
      deliveries: { expected: 400, delivered: 390, missing: 10, duplicate: 3 },
      balanced: true,
    });
  });

  it('does not balance with more deliveries than expected, but of a process whose senders are in others', () => {
    const many = { ...CHATTING, deliveries: { expected: 400, delivered: 402 } };
    expect(account(many, CHAT)).toMatchObject({
      deliveries: { missing: 0 },
      balanced: false,
      differences: [
        '2 more deliveries than expected: the reach of a request is too small, or the server brought them to connections that should not have them',
      ],
    });
    expect(account(many, CHAT, false)).toMatchObject({ balanced: true, differences: [] });
  });

  it('of a run that was cut off calls interrupted what has no outcome, and still balances', () => {
    const { connections, messages, balanced } = account(
      {
        attempted: 80,
        established: 70,
        failed: { refused: 4 },
        ready: 60,
        notReady: { timeout: 2 },
        closed: 10,
        dropped: { reset: 5 },
        sent: 150,
        answered: 140,
        messagesFailed: { timeout: 3 },
        // k6 drops the samples of VUs that it stops, so that these differ by what was under way.
        counters: [20, 5, 54, 6, 7],
      },
      { ...CHAT, kinds: CHAT.kinds.slice(0, 1) },
    );
    expect(connections).toMatchObject({
      unattempted: 20,
      failed: { refused: 4, interrupted: 6 },
      notReady: { timeout: 2, interrupted: 8 },
      dropped: { reset: 5, interrupted: 45 },
    });
    expect(messages.failed).toEqual({ timeout: 3, interrupted: 7 });
    expect(balanced).toBe(true);
  });

  it('of a run that ended before its first attempt has all of it never attempted', () => {
    const { connections, balanced } = account({});
    expect(connections).toMatchObject({ planned: 100, attempted: 0, unattempted: 100 });
    expect(balanced).toBe(true);
  });

  it.each<[string, Happened, string[], typeof ECHO?]>([
    [
      'a connection established twice',
      { ...HEALTHY, established: 101, closed: 101 },
      ['1 more outcomes than attempts'],
    ],
    ['a connection closed twice', { ...HEALTHY, closed: 102 }, ['2 more outcomes than established connections']],
    ['a reply too many', { ...HEALTHY, answered: 203 }, ['3 more outcomes than messages']],
    [
      'a ready connection closed twice, while a login was cut off',
      { ...CHATTING, ready: 99, closed: 100 },
      ['1 more outcomes than ready connections'],
      CHAT,
    ],
    ['a login too many', { ...CHATTING, ready: 101, closed: 101 }, ['1 more outcomes than logins'], CHAT],
    [
      'an attempt too many',
      { ...HEALTHY, attempted: 101, established: 101, closed: 101 },
      ['1 more outcomes than planned connections'],
    ],
    [
      'a counter of attempts that is not back at 0',
      { ...HEALTHY, counters: [4, 0, 0, 0] },
      ['planned connections: 0 without an outcome, but the counter says 4'],
    ],
    [
      'a counter of pending handshakes that is not back at 0',
      { ...HEALTHY, counters: [0, 1, 0, 0] },
      ['attempts: 0 without an outcome, but the counter says 1'],
    ],
    [
      'a counter of pending logins that is not back at 0',
      { ...CHATTING, counters: [0, 0, 0, 0, 3] },
      ['logins: 0 without an outcome, but the counter says 3'],
      CHAT,
    ],
    [
      'a counter of open connections below 0',
      { ...HEALTHY, counters: [0, 0, -1, 0] },
      ['established connections: 0 without an outcome, but the counter says -1'],
    ],
    [
      'a counter of pending messages that is not back at 0',
      { ...HEALTHY, counters: [0, 0, 0, 9] },
      ['messages: 0 without an outcome, but the counter says 9'],
    ],
  ])('does not balance with %s', (_, happened, differences, traits = ECHO) => {
    const { balanced, differences: found, connections } = account(happened, traits);
    expect(balanced).toBe(false);
    expect(connections.unattempted).toBe(0);
    expect(found).toEqual(differences);
  });
});

it('sum() adds up the counts', () => {
  expect(sum({})).toBe(0);
  expect(sum({ a: 2, b: 3 })).toBe(5);
});
