import { describe, expect, it } from 'vitest';
import { planProblems } from '../../../lib/report/compare/same-plan.ts';
import type { K6Metric } from '../../../lib/report/k6-data.ts';
import { reconnectSummary } from '../../../lib/report/reconnect.ts';
import { reconnectSections } from '../../../lib/report/reconnect-text.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { reconnectTargets } from '../../../thresholds/for-reconnect.ts';
import { ECHO } from '../some-traits.ts';
import { type Happened, k6DataOf, trend } from './k6-data-of.ts';

/** A second, by the clock of all. */
const AT = 1_800_000_000;

const counter = (count: number): K6Metric => ({ type: 'counter', contains: 'default', values: { count, rate: 1 } });
const rate = (passes: number, fails: number): K6Metric => ({
  type: 'rate',
  contains: 'default',
  values: { rate: passes / Math.max(1, passes + fails), passes, fails },
});
const flat = (count: number, value: number): K6Metric =>
  trend({
    count,
    avg: value,
    min: value,
    med: value,
    max: value,
    'p(90)': value,
    'p(95)': value,
    'p(99)': value,
  });

interface Clients {
  up?: number;
  connected?: number;
  givenUp?: number;
  again?: number;
  drops?: number;
  open?: number;
  overdue?: number;
  ready?: number;
  checks?: Record<string, [passes: number, fails: number]>;
}

/** The summary of a run of 100 clients. */
function summaryOf(happened: Happened, clients: Clients, env: Record<string, string> = {}) {
  const { up = 0, connected = 100, givenUp = 0, again = 0, drops = 0, open = 0, overdue = 0, ready = 0 } = clients;
  const settings = parseSettings({ WS_CONNECTIONS: '100', WS_HOLD: '20s', ...env });
  const ended =
    up +
    givenUp +
    Object.entries(clients.checks ?? {}).reduce(
      (total, [name, [, fails]]) => total + (name.startsWith('ws down') ? fails : 0),
      0,
    );
  const data = k6DataOf({
    ...happened,
    metrics: {
      'ws_message_success{phase:hold}': rate(300, 5),
      'ws_messages_sent{phase:hold}': counter(305),
      ws_clients_up: rate(up, ended - up),
      ws_clients_connected: rate(connected, Math.min(100 - connected, ended)),
      ws_clients_ready: counter(ready),
      ws_clients_given_up: counter(givenUp),
      ws_reconnect_attempts: counter(again),
      ws_outages: counter(drops),
      ws_outages_open: counter(open),
      ws_outages_overdue: counter(overdue),
      ...(drops > open && { ws_recovery_time: flat(drops - open, 3_000), ws_recovery_attempts: flat(drops - open, 2) }),
      ...(ended === 100 && { ws_availability: flat(100, 0.9) }),
      ws_requests_withheld: counter(70),
      ...happened.metrics,
    },
  });
  data.root_group = {
    checks: Object.entries(clients.checks ?? {}).map(([name, [passes, fails]]) => ({ name, passes, fails })),
  };
  const facts = { settings, traits: ECHO, unused: [], ignored: [], proxies: [], users: null };
  const share = { connections: 100, vus: 2, segment: null };
  return reconnectSummary(facts, share, reconnectTargets(settings, ECHO), data);
}

const ALL_BACK: Happened = {
  attempted: 300,
  established: 200,
  failed: { refused: 100 },
  closed: 100,
  dropped: { reset: 100 },
  sent: 500,
  answered: 495,
  messagesFailed: { lost: 5 },
  connectMs: 10,
  establishMs: 100,
  rttMs: 1,
};
const BACK_CLIENTS: Clients = {
  up: 100,
  again: 200,
  drops: 100,
  checks: {
    [`ws outage: 0 ${AT} 2000`]: [90, 0],
    [`ws outage: 0 ${AT + 1} 3000`]: [10, 0],
    [`ws herd: ${AT + 1}`]: [10, 100],
    [`ws herd: ${AT + 3}`]: [90, 0],
  },
};

const targetOf = ({ targets }: ReturnType<typeof summaryOf>, name: string) =>
  targets.find((target) => target.name === name);

const targetsSectionOf = (summary: ReturnType<typeof summaryOf>) =>
  reconnectSections(summary, summary.reconnect, false)[0]?.lines.join('\n');

describe('a run whose clients all came back', () => {
  const summary = summaryOf(ALL_BACK, BACK_CLIENTS);

  it('passes, and its books balance: attempts are planned as the first of each client and those that followed', () => {
    expect(summary).toMatchObject({ verdict: 'pass', balanced: true, differences: [] });
    expect(summary.connections).toMatchObject({ planned: 300, attempted: 300, unattempted: 0 });
    expect(summary.plan.share).toBe(100);
    expect(targetOf(summary, 'recovery')).toMatchObject({ actual: 3_000, pass: true });
  });

  it('puts the memory of the target down to the connections that were open at a time', () => {
    const env = { WS_TARGET_METRICS: 'http://127.0.0.1:9100/metrics' };
    const openAt = (now: Record<string, K6Metric>) =>
      summaryOf({ ...ALL_BACK, metrics: now }, BACK_CLIENTS, env).target?.[0]?.connections;
    // 200 were established in all, by 100 clients.
    expect(openAt({})).toBe(100);
    const gauge: K6Metric = { type: 'gauge', contains: 'default', values: { value: 0, min: 0, max: 60 } };
    expect(openAt({ ws_connections_now: gauge })).toBe(100);
    const half = { ...ALL_BACK, closed: 50, dropped: { reset: 150 }, metrics: { ws_connections_now: gauge } };
    expect(summaryOf(half, { ...BACK_CLIENTS, up: 50 }, env).target?.[0]?.connections).toBe(60);
  });

  it('tells how clients came back, without which two runs are not of one plan', () => {
    expect(summary.plan.comeBack).toEqual({ backoff: '1s..30s', jitter: 'full', maxAttempts: null });
    const other = summaryOf(ALL_BACK, BACK_CLIENTS, { WS_BACKOFF: '500ms..5s', WS_JITTER: 'none' });
    const runs = [summary, other].map((one, i) => ({ source: `${i}.json`, summary: one }));
    expect(planProblems(runs)).toEqual([
      expect.stringMatching(/^comeBack is .*"1s\.\.30s".* in 0\.json, but .*"none"/),
    ]);
  });

  it('tells the outage, the herd and what the server accepted', () => {
    expect(summary.reconnect).toMatchObject({
      clients: { planned: 100, connected: 100, up: 100, down: {}, givenUp: 0 },
      outages: { drops: 100, recovered: 100, open: 0 },
      events: [
        {
          at: new Date(AT * 1_000).toISOString().replace('.000Z', 'Z'),
          server: null,
          clients: 100,
          back: 100,
          open: 0,
          back95Ms: 3_000,
          backAllMs: 3_000,
        },
      ],
      singleDrops: 0,
      herd: { attempts: 110, established: 10, seconds: 1 },
      accepted: { attempts: 90, established: 90 },
      availability: 0.9,
      withheld: 70,
    });
  });

  it('reads so', () => {
    const [, balance, recovery] = reconnectSections(summary, summary.reconnect, false);
    expect([...(balance?.lines ?? []), '', ...(recovery?.lines ?? [])].join('\n')).toMatchInlineSnapshot(`
      "clients 100 = up at the end 100 + down 0 + given up 0
      attempted 300 = first 100 + again 200
      attempted 300 = established 200 + failed 100
      established 200 = closed 100 + dropped 100
      sent 500 = answered 495 + failed 5
      dropped 100 = recovered 100 + still down 0
      70 requests were due while a client was down, and were withheld

      outage at (UTC)  dropped  back  95 % back  all back
      08:00:00         100      100   3s         3s
      time down: med 3s, p95 3s, max 3s
      attempts for each recovery: avg 2.0, max 2
      herd: at most 110 attempts in one second (08:00:01 UTC)
      the server accepted at most 90 in one second (08:00:03 UTC)
      availability 90.00 %"
    `);
  });
});

describe('recovery', () => {
  it('is not judged where nothing was dropped', () => {
    const summary = summaryOf({ ...ALL_BACK, attempted: 100, established: 100, failed: {}, dropped: {} }, { up: 100 });
    expect(targetOf(summary, 'recovery')).toMatchObject({ actual: null, pass: null });
    const lines = reconnectSections(summary, summary.reconnect, false)[2]?.lines;
    expect(lines?.[0]).toBe('Nothing was dropped: recovery is not judged.');
  });

  it('is not judged where somebody is not back yet, and missed where that took too long', () => {
    const happened = { ...ALL_BACK, attempted: 299, established: 199, closed: 99 };
    const clients: Clients = {
      ...BACK_CLIENTS,
      up: 99,
      again: 199,
      open: 1,
      checks: { ...BACK_CLIENTS.checks, 'ws down: refused': [0, 1] },
    };
    const early = summaryOf(happened, clients);
    expect(early.differences).toEqual([]);
    expect(early.verdict).toBe('pass');
    expect(targetOf(early, 'recovery')).toMatchObject({ actual: 3_000, pass: null });
    const late = summaryOf(happened, { ...clients, overdue: 1 });
    expect(targetOf(late, 'clients not back in time')).toMatchObject({ actual: 1, pass: false });
    expect(late.verdict).toBe('fail');
  });

  it('took too long where the slowest did', () => {
    const summary = summaryOf(ALL_BACK, BACK_CLIENTS, { WS_MAX_RECOVERY: '2s' });
    expect(targetOf(summary, 'recovery')?.pass).toBe(false);
  });
});

describe('the books of clients', () => {
  it('call what was cut off interrupted, with no availability', () => {
    const summary = summaryOf({ ...ALL_BACK, closed: 0, dropped: {} }, { again: 200, ready: 100, connected: 100 });
    expect(summary.reconnect.clients).toMatchObject({ up: 0, down: { interrupted: 100 } });
    expect(targetOf(summary, 'clients up at the end')).toMatchObject({ actual: 0, pass: false });
    expect(summary.reconnect.availability).toBeNull();
    expect(summary.balanced).toBe(true);
  });

  it('count among those connected nobody who was cut off before it was ready', () => {
    // k6 has no sample of who had no end: of those that have one, all were connected.
    const cutWith = (ready: number) =>
      summaryOf(
        { ...ALL_BACK, established: ready, closed: 0, dropped: {}, failed: { refused: 300 - ready } },
        { again: 200, ready, connected: ready },
      );
    const cut = cutWith(75);
    expect(targetOf(cut, 'clients connected')).toMatchObject({ actual: 0.75, pass: false });
    expect(targetsSectionOf(cut)).toMatch(/clients connected +> 95 % +75\.00 % +75 of 100/);
    expect(targetOf(cutWith(100), 'clients connected')).toMatchObject({ actual: 1, pass: true });
    expect(targetOf(cutWith(0), 'clients connected')).toMatchObject({ actual: 0, pass: false });
  });

  it('do not balance where clients are up whose connection was not closed, or ready after the end', () => {
    const happened = { ...ALL_BACK, closed: 99, dropped: { reset: 101 } };
    expect(summaryOf(happened, BACK_CLIENTS).differences).toContain('100 clients up, but 99 connections closed');
    const summary = summaryOf(ALL_BACK, { ...BACK_CLIENTS, ready: 1 });
    expect(summary.differences).toEqual(['1 clients ready after the end']);
    expect(summary.verdict).toBe('fail');
  });

  it('do not balance where a drop has no outcome', () => {
    const summary = summaryOf(ALL_BACK, { ...BACK_CLIENTS, drops: 101, open: 1, checks: {} });
    expect(summary.differences).toEqual([]);
    const lost = summaryOf({ ...ALL_BACK }, { ...BACK_CLIENTS, givenUp: 1 });
    expect(lost.differences).toEqual(['1 more ends than clients']);
  });
});

it('an outage explains why connections were of one age as they ended, and single drops do not', () => {
  const ages = { 'ws age: opening 5.0': [0, 50], 'ws age: start 9.0': [0, 20], 'ws age: start 15.0': [0, 20] } as const;
  const hintsWith = (checks: Clients['checks']) =>
    summaryOf(ALL_BACK, { ...BACK_CLIENTS, checks: { ...checks, ...(ages as unknown as Clients['checks']) } }).hints;
  expect(hintsWith(BACK_CLIENTS.checks)).toEqual([]);
  expect(hintsWith({ 'ws outage: 0 single 50': [100, 0] })).toEqual([expect.stringContaining('50 of 50')]);
});

it('outages are told by server, and what hit hardly anybody is none', () => {
  const summary = summaryOf(
    ALL_BACK,
    {
      ...BACK_CLIENTS,
      checks: {
        [`ws outage: 2 ${AT} 1000`]: [40, 0],
        [`ws outage: 1 ${AT} 1000`]: [30, 0],
        // Two seconds later is another one.
        [`ws outage: 1 ${AT + 2} 1000`]: [20, 0],
        [`ws outage: 1 ${AT + 2} open`]: [0, 5],
        'ws outage: 1 single 50': [5, 0],
      },
    },
    { WS_URL: 'ws://a:1/?token=hunter2,ws://b:2/' },
  );
  expect(summary.reconnect.events.map(({ server, clients, open }) => [server, clients, open])).toEqual([
    ['a:1', 30, 0],
    ['b:2', 40, 0],
    ['a:1', 25, 5],
  ]);
  expect(summary.reconnect.events[2]).toMatchObject({ back95Ms: null, backAllMs: null });
  expect(summary.reconnect.singleDrops).toBe(5);
  expect(JSON.stringify(summary)).not.toContain('hunter2');
});
