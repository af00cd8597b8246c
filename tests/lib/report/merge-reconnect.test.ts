import { describe, expect, it } from 'vitest';
import { mergeSummaries } from '../../../lib/report/merge.ts';
import { mergedText } from '../../../lib/report/merged-text.ts';
import type { Latency, Outage, Reconnect, Summary, TargetResult } from '../../../lib/report/summary.ts';
import { aSummary } from './a-summary.ts';

const flat = (count: number, ms: number): Latency => ({
  count,
  avg: ms,
  min: ms,
  med: ms,
  p90: ms,
  p95: ms,
  p99: ms,
  max: ms,
});

const anOutage = (at: string, more: Partial<Outage> = {}): Outage => ({
  at,
  server: null,
  clients: 500,
  back: 500,
  open: 0,
  back95Ms: 4_000,
  backAllMs: 5_000,
  ...more,
});

const CLIENTS: Reconnect = {
  clients: { planned: 500, unattempted: 0, connected: 500, up: 500, down: {}, givenUp: 0 },
  attemptsAgain: 900,
  outages: { drops: 500, recovered: 500, open: 0 },
  events: [anOutage('2026-11-26T12:05:13Z')],
  singleDrops: 0,
  downMs: flat(500, 4_000),
  attemptsPerRecovery: flat(500, 2),
  herd: { at: '2026-11-26T12:05:14Z', seconds: 1, attempts: 400, established: 0 },
  accepted: { at: '2026-11-26T12:05:18Z', seconds: 1, attempts: 300, established: 300 },
  bySecond: { 1795694714: [400, 0], 1795694718: [300, 300] },
  availability: 0.9,
  withheld: 70,
};

/** Two processes of a test with 1,000 clients. */
function merged(one: Partial<Reconnect>, other: Partial<Reconnect>, ...connections: Partial<Summary['connections']>[]) {
  const parts = [one, other];
  const targets = (own: Reconnect): TargetResult[] => [
    {
      name: 'clients up at the end',
      metric: 'ws_clients_up',
      target: '> 95 %',
      actual: own.clients.up / 500,
      pass: true,
    },
    {
      name: 'recovery',
      metric: 'ws_recovery_time',
      target: '< 1m',
      actual: own.downMs?.max ?? null,
      pass: own.downMs === null || own.outages.open > 0 ? null : true,
    },
    { name: 'availability', metric: 'ws_availability', target: '>= 85 %', actual: own.availability, pass: true },
  ];
  const summaries = parts.map((part, i): Summary => {
    const own = { ...CLIENTS, ...part };
    const plain = aSummary({ scenario: 'reconnect' });
    const attempted = 500 + CLIENTS.attemptsAgain;
    const established = own.clients.up + own.outages.drops;
    return {
      ...plain,
      plan: { ...plain.plan, share: 500, segment: i === 0 ? '0:1/2' : '1/2:1' },
      targets: targets(own),
      connections: {
        ...plain.connections,
        planned: attempted,
        attempted,
        established,
        failed: { refused: attempted - established },
        ready: established,
        closed: own.clients.up,
        dropped: { reset: own.outages.drops },
        ...connections[i],
      },
      reconnect: own,
    };
  });
  return mergeSummaries(summaries.map((summary, i) => ({ source: `${i}/summary.json`, summary })));
}

describe('the clients of two processes', () => {
  it('add up, and their attempts by the second of the clock', () => {
    const { reconnect, verdict } = merged({}, { bySecond: { 1795694714: [100, 0], 1795694715: [450, 10] } });
    expect(reconnect).toMatchObject({
      clients: { planned: 1_000, up: 1_000 },
      attemptsAgain: 1_800,
      outages: { drops: 1_000, recovered: 1_000, open: 0 },
      herd: { attempts: 500, established: 0 },
      accepted: { attempts: 300, established: 300 },
      downMs: { count: 1_000, max: 4_000 },
      availability: 0.9,
      withheld: 140,
    });
    expect(verdict).toBe('pass');
  });

  it('see one outage where it begins within a second of theirs, and else two', () => {
    const one = merged({}, { events: [anOutage('2026-11-26T12:05:14Z', { backAllMs: 7_000 })] });
    expect(one.reconnect?.events).toEqual([
      anOutage('2026-11-26T12:05:13Z', { clients: 1_000, back: 1_000, backAllMs: 7_000 }),
    ]);
    const two = merged({}, { events: [anOutage('2026-11-26T12:05:15Z')] });
    expect(two.reconnect?.events).toHaveLength(2);
    const others = merged(
      { events: [anOutage('2026-11-26T12:05:13Z', { server: 'a:1' })] },
      { events: [anOutage('2026-11-26T12:05:13Z', { server: 'b:1', backAllMs: null })] },
    );
    expect(others.reconnect?.events.map(({ server, backAllMs }) => [server, backAllMs])).toEqual([
      ['a:1', 5_000],
      ['b:1', null],
    ]);
  });

  it('are judged by their sums: recovery where anything was dropped, and only when all are back', () => {
    const nothing = { downMs: null, outages: { drops: 0, recovered: 0, open: 0 }, events: [], availability: 1 };
    const target = (result: ReturnType<typeof merged>, name: string) => result.targets.find((t) => t.name === name);
    expect(target(merged({}, nothing), 'recovery')).toMatchObject({ actual: 4_000, pass: true });
    expect(target(merged({}, nothing), 'availability')).toMatchObject({ actual: 0.95, pass: true });
    expect(target(merged(nothing, nothing), 'recovery')).toMatchObject({ actual: null, pass: null });
    const open = { outages: { drops: 500, recovered: 499, open: 1 } };
    expect(target(merged({}, open), 'recovery')?.pass).toBeNull();
    const half = { clients: { ...CLIENTS.clients, up: 440, down: { refused: 60 } } };
    expect(target(merged({}, half), 'clients up at the end')).toMatchObject({ actual: 0.94, pass: false });
  });

  it('do not balance where their sums do not, whatever each process says of its own', () => {
    const clients = (more: Partial<Reconnect['clients']>) => ({ clients: { ...CLIENTS.clients, ...more } });
    const differencesOf = (...parts: Parameters<typeof merged>) => {
      const { verdict, balanced, differences } = merged(...parts);
      expect({ verdict, balanced }).toEqual({ verdict: 'fail', balanced: false });
      return differences;
    };
    expect(merged({}, {})).toMatchObject({ verdict: 'pass', balanced: true, differences: [] });
    expect(differencesOf(clients({ up: 599 }), {}, { closed: 500, established: 1_000 })).toContain(
      'clients 1,000 is not up at the end 1,099 + down 0 + given up 0 + never attempted 0',
    );
    expect(
      differencesOf(clients({ up: 400, down: { reset: 100 } }), {}, { closed: 500, dropped: { reset: 400 } }),
    ).toEqual(['clients up 900 is not connections closed 1,000']);
    expect(differencesOf({ attemptsAgain: 901 }, {})).toEqual(['planned 2,800 is not first 1,000 + again 1,801']);
    expect(differencesOf({ outages: { drops: 500, recovered: 499, open: 0 } }, {})).toEqual([
      'dropped 1,000 is not recovered 999 + still down 0',
    ]);
    expect(differencesOf(clients({ connected: 599 }), {})).toEqual(['1,099 clients connected, but 1,000 began']);
  });

  it('read as those of one', () => {
    const text = mergedText(merged({}, {}), false);
    expect(text).toContain('clients 1,000 = up at the end 1,000 + down 0 + given up 0');
    expect(text).toMatch(/12:05:13 +1,000 +1,000 +4s +5s/);
  });
});
