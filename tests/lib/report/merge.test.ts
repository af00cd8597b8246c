import { describe, expect, it } from 'vitest';
import { askedText } from '../../../lib/report/judge.ts';
import { mergeSummaries, NotOneTest } from '../../../lib/report/merge.ts';
import type { Summary } from '../../../lib/report/summary.ts';
import { aSummary } from './a-summary.ts';

/** A quarter of a healthy test of 4,000 connections. */
function quarter(index: number, change: (summary: Summary) => void = () => {}): { source: string; summary: Summary } {
  const summary = aSummary();
  summary.plan.connections = 4_000;
  summary.plan.segment = `${index}/4:${index + 1}/4`.replace('0/4', '0').replace('4/4', '1');
  change(summary);
  return { source: `${index}/summary.json`, summary };
}

const quarters = () => [0, 1, 2, 3].map((index) => quarter(index));

function problemsOf(parts: ReturnType<typeof quarters>, expected: number | null = null): readonly string[] {
  try {
    mergeSummaries(parts, expected);
  } catch (error) {
    expect(error).toBeInstanceOf(NotOneTest);
    return (error as NotOneTest).problems;
  }
  return [];
}

/** Has so many of its 1,000 connections established, and held. */
function opened({ connections }: Summary, established: number, failed: Record<string, number>): void {
  Object.assign(connections, { established, ready: established, closed: established, failed });
}

const target = (summary: Summary, name: string) => summary.targets.find((t) => t.name === name);

describe('mergeSummaries()', () => {
  it('adds up counts and reasons', () => {
    const parts = quarters();
    parts[1] = quarter(1, (summary) => opened(summary, 990, { refused: 7, dns: 3 }));
    parts[2] = quarter(2, (summary) => opened(summary, 995, { refused: 5 }));
    const merged = mergeSummaries(parts);
    expect(merged.connections).toMatchObject({ planned: 4_000, attempted: 4_000, established: 3_985 });
    expect(merged.connections.failed).toEqual({ refused: 12, dns: 3 });
    expect(merged.messages.sent).toBe(8_000);
    expect(merged.plan).toMatchObject({ connections: 4_000, share: 4_000, segment: null });
    expect(merged.verdict).toBe('pass');
    expect(merged.processes.map((p) => p.established)).toEqual([1_000, 990, 995, 1_000]);
  });

  it('has the round trips of the hold where the processes have them', () => {
    const inHold = (max: number) => ({ count: 100, avg: 2, min: 1, med: 2, p90: 3, p95: 4, p99: 5, max });
    const parts = [0, 1, 2, 3].map((index) =>
      quarter(index, ({ latencyMs }) => {
        latencyMs.roundTripInHold = inHold(10 + index);
      }),
    );
    expect(mergeSummaries(parts).latencyMs.roundTripInHold).toEqual({ ...inHold(13), count: 400 });
    expect(mergeSummaries(quarters()).latencyMs).not.toHaveProperty('roundTripInHold');
  });

  it('judges a rate on the sums: one bad process out of four can be within the target, or spoil it', () => {
    const failing = (established: number) =>
      quarter(0, (summary) => {
        summary.verdict = 'fail';
        opened(summary, established, { refused: 1_000 - established });
        summary.targets[0] = { ...summary.targets[0]!, actual: established / 1_000, pass: false };
      });
    const within = mergeSummaries([failing(900), ...quarters().slice(1)]);
    expect(target(within, 'connect success')).toMatchObject({ actual: 0.975, pass: true });
    expect(within.verdict).toBe('pass');
    const spoilt = mergeSummaries([failing(0), ...quarters().slice(1)]);
    expect(target(spoilt, 'connect success')).toMatchObject({ actual: 0.75, pass: false });
    expect(spoilt.verdict).toBe('fail');
  });

  it('judges those that were held by the closed ones of all processes, among all established', () => {
    const held = {
      name: 'connections held',
      metric: 'ws_connections_held',
      target: '> 95 %',
      actual: 1,
      pass: true,
    };
    const parts = [0, 1, 2, 3].map((index) =>
      quarter(index, (summary) => {
        summary.targets.push(held);
        if (index === 0) Object.assign(summary.connections, { closed: 600, dropped: { reset: 400 } });
      }),
    );
    expect(target(mergeSummaries(parts), 'connections held')).toMatchObject({ actual: 0.9, pass: false });
    expect(target(mergeSummaries(parts), 'connect success')?.pass).toBe(true);
  });

  it('reads the limit of a share as the report writes it, and "more than" is not "at least"', () => {
    for (const [limit, operator, pass] of [
      [0.9, '>', false],
      [0.9, '>=', true],
      [0.8999, '>', true],
    ] as const) {
      const asked = askedText({
        name: '',
        metric: '',
        stat: 'rate',
        operator,
        limit,
        unit: 'share',
        samples: null,
      });
      const parts = [0, 1, 2, 3].map((index) =>
        quarter(index, (summary) => {
          summary.connections.established = 900;
          summary.targets[0] = { ...summary.targets[0]!, target: asked };
        }),
      );
      expect(target(mergeSummaries(parts), 'connect success')?.pass, asked).toBe(pass);
    }
  });

  it('takes the slowest process for times; one that opened nothing does not spoil the time of the others', () => {
    const slow = quarter(2, (summary) => {
      summary.targets[2] = { ...summary.targets[2]!, actual: 12_000, pass: false };
    });
    expect(target(mergeSummaries([quarter(0), quarter(1), slow, quarter(3)]), 'connect time')).toMatchObject({
      actual: 12_000,
      pass: false,
    });
    const empty = quarter(2, (summary) => {
      summary.targets[2] = { ...summary.targets[2]!, actual: null, pass: false };
    });
    expect(target(mergeSummaries([quarter(0), quarter(1), empty, quarter(3)]), 'connect time')).toMatchObject({
      actual: 40,
      pass: true,
    });
    const nobody = [0, 1, 2, 3].map((index) =>
      quarter(index, (summary) => {
        summary.targets[2] = { ...summary.targets[2]!, actual: null, pass: false };
      }),
    );
    expect(target(mergeSummaries(nobody), 'connect time')).toMatchObject({ actual: null, pass: false });
  });

  it('judges memory for each process: the largest counts, one that did not measure leaves it open', () => {
    const big = quarter(1, (summary) => {
      summary.generator.memoryBytes = 600e6;
      summary.targets[4] = { ...summary.targets[4]!, actual: 600e6, pass: false };
    });
    const merged = mergeSummaries([quarter(0), big, quarter(2), quarter(3)]);
    expect(target(merged, 'generator memory')).toMatchObject({ actual: 600e6, pass: false });
    expect(merged.generator.memoryBytes).toBe(600e6);
    const blind = quarter(1, (summary) => {
      summary.generator.memoryBytes = null;
      summary.targets[4] = { ...summary.targets[4]!, actual: null, pass: null };
    });
    expect(target(mergeSummaries([quarter(0), blind, quarter(2), quarter(3)]), 'generator memory')).toMatchObject({
      actual: 200e6,
      pass: null,
    });
  });

  it('fails when one process is out of balance, although the sum over all is 0', () => {
    const parts = quarters();
    for (const [index, open] of [
      [0, 3],
      [1, -3],
    ] as const) {
      parts[index] = quarter(index, (summary) => {
        summary.balanced = false;
        summary.differences = [`${open} open`];
        summary.targets[7] = { ...summary.targets[7]!, actual: open, pass: false };
      });
    }
    const merged = mergeSummaries(parts);
    expect(target(merged, 'connections open')).toMatchObject({ actual: 0, pass: false });
    expect(merged).toMatchObject({ verdict: 'fail', balanced: false });
    expect(merged.differences).toEqual(['segment 0:1/4: 3 open', 'segment 1/4:2/4: -3 open']);
  });

  it('fails when the books do not balance although all targets are met', () => {
    const parts = quarters();
    parts[2] = quarter(2, (summary) => {
      summary.balanced = false;
      summary.differences = ['2 more outcomes than attempts'];
    });
    expect(mergeSummaries(parts)).toMatchObject({
      verdict: 'fail',
      differences: ['segment 2/4:3/4: 2 more outcomes than attempts'],
    });
  });

  it.each<[string, (summary: Summary) => void, string]>([
    [
      'planned',
      ({ connections }) => (connections.unattempted = 7),
      'planned 4,000 is not attempted 4,000 + never attempted 7',
    ],
    [
      'attempted',
      ({ connections }) => (connections.failed = { dns: 10 }),
      'attempted 4,000 is not established 4,000 + failed 10',
    ],
    [
      'established',
      ({ connections }) => (connections.notReady = { timeout: 1 }),
      'established 4,000 is not ready 4,000 + not ready 1',
    ],
    ['ready', ({ connections }) => (connections.closed = 990), 'ready 4,000 is not closed 3,990 + dropped 0'],
    [
      'sent',
      ({ messages }) => (messages.answered = 1_990),
      'sent 8,000 is not sent only 0 + answered 7,990 + failed 0',
    ],
  ])('fails when the sums do not balance, although each process says that it does: %s', (_, change, problem) => {
    const merged = mergeSummaries([quarter(0), quarter(1), quarter(2, change), quarter(3)]);
    expect(merged).toMatchObject({ verdict: 'fail', balanced: false, differences: [problem] });
  });

  it('fails when the sums of a tier do not balance', () => {
    const withTier = (established: number) => (summary: Summary) => {
      const { messages, pushes, deliveries, balanced, differences } = summary;
      const connections = { ...summary.connections, established };
      const books = { connections, messages, pushes, deliveries, balanced, differences };
      summary.tiers = [{ tier: 4_000, memoryBytes: null, targets: [], ...books }];
    };
    const of = (established: number) => mergeSummaries([0, 1, 2, 3].map((i) => quarter(i, withTier(established))));
    expect(of(1_000)).toMatchObject({ verdict: 'pass', balanced: true });
    expect(of(999)).toMatchObject({ verdict: 'fail', balanced: false });
  });

  it('fails a rate that nobody has samples for', () => {
    const parts = [0, 1, 2, 3].map((index) =>
      quarter(index, (summary) => {
        summary.connections.attempted = 0;
        summary.connections.established = 0;
      }),
    );
    expect(target(mergeSummaries(parts), 'connect success')).toMatchObject({ actual: null, pass: false });
  });

  it('merges each tier by itself: books, rates on its own sums, memory', () => {
    const tiersOf = (established: number) => (summary: Summary) => {
      const tier = (connections: number, opened: number) => ({
        tier: connections,
        targets: [
          {
            name: `connect success of ${connections}`,
            metric: `ws_connect_success{scenario:tier_${connections}}`,
            target: '> 90 %',
            actual: opened / 100,
            pass: opened > 90,
          },
        ],
        memoryBytes: opened * 1e6,
        connections: { ...summary.connections, planned: 100, attempted: 100, established: opened },
        messages: summary.messages,
        pushes: {},
        deliveries: null,
        balanced: true,
        differences: [],
      });
      summary.tiers = [tier(400, 100), tier(800, established)];
      summary.targets = summary.tiers.flatMap(({ targets }) => targets);
    };
    const merged = mergeSummaries([60, 100, 100, 100].map((established, i) => quarter(i, tiersOf(established))));
    expect(merged.tiers?.map(({ connections }) => connections.established)).toEqual([400, 360]);
    expect(merged.tiers?.map(({ memoryBytes }) => memoryBytes)).toEqual([100e6, 100e6]);
    // 360 of 400 are 90 %, which is not more than that, though three of four processes have 100 %.
    expect(merged.targets.map(({ actual, pass }) => [actual, pass])).toEqual([
      [1, true],
      [0.9, false],
    ]);
    expect(merged.verdict).toBe('fail');
  });

  it('holds nothing against a process that has no connection of a part; one that should have had some fails', () => {
    const idle = (planned: number) =>
      quarter(2, (summary) => {
        const none = { attempted: 0, established: 0, ready: 0, closed: 0 };
        summary.connections = { ...summary.connections, ...none, planned, unattempted: planned };
        summary.messages = { ...summary.messages, sent: 0, answered: 0 };
        summary.targets = summary.targets.map((t) => ({ ...t, actual: null, pass: false }));
      });
    expect(mergeSummaries([quarter(0), quarter(1), idle(0), quarter(3)]).verdict).toBe('pass');
    const missing = mergeSummaries([quarter(0), quarter(1), idle(1_000), quarter(3)]);
    expect(target(missing, 'never attempted')).toMatchObject({ actual: 1_000, pass: false });
    // Others have samples for what is to be 0 at the end.
    expect(target(missing, 'connections open')).toMatchObject({ actual: 0, pass: true });
    expect(missing.verdict).toBe('fail');
    const nobody = mergeSummaries(
      [0, 1, 2, 3].map((i) => ({ ...idle(1_000), summary: { ...idle(1_000).summary, plan: quarter(i).summary.plan } })),
    );
    expect(target(nobody, 'connections open')).toMatchObject({ actual: null, pass: false });
  });

  it('judges those that may be missing a little over all processes', () => {
    const few = (unattempted: number) => (summary: Summary) => {
      const done = 1_000 - unattempted;
      Object.assign(summary.connections, {
        unattempted,
        attempted: done,
        established: done,
        ready: done,
        closed: done,
      });
      const asked = { name: 'never attempted', metric: 'ws_connects_unattempted', target: '< 81' };
      summary.targets = [{ ...asked, actual: unattempted, pass: unattempted < 81 }];
    };
    const of = (...counts: number[]) => mergeSummaries(counts.map((count, i) => quarter(i, few(count))));
    expect(target(of(20, 20, 20, 20), 'never attempted')).toMatchObject({ actual: 80, pass: true });
    // Each process may pass over one turn at its end: the limit has room for one.
    expect(target(of(20, 20, 20, 23), 'never attempted')).toMatchObject({ actual: 83, pass: true });
    expect(target(of(20, 20, 20, 24), 'never attempted')).toMatchObject({ actual: 84, pass: false });
  });

  it('takes the worst process for a rate of a part that has no books', () => {
    const parts = [0.99, 0.97, 1, 1].map((actual, index) =>
      quarter(index, (summary) => {
        summary.targets[0] = { ...summary.targets[0]!, metric: 'ws_connect_success{phase:ramp}', actual };
      }),
    );
    expect(target(mergeSummaries(parts), 'connect success')).toMatchObject({ actual: 0.97, pass: true });
  });

  describe('judges the messages of the hold', () => {
    const inHold = (passes: number, total: number) => ({
      name: 'message success in the hold',
      metric: 'ws_message_success{phase:hold}',
      target: '> 90 %',
      actual: total === 0 ? null : passes / total,
      pass: total > 0 && passes / total > 0.9,
      samples: { passes, total },
    });
    const merged = (...targets: Summary['targets']) =>
      mergeSummaries(targets.map((one, i) => quarter(i, (summary) => summary.targets.push(one))));
    const hold = (...targets: Summary['targets']) => target(merged(...targets), 'message success in the hold');

    it('on the sums: a process with a slow target need not spoil it, nor can a small one save it', () => {
      const all = [inHold(1_000, 1_000), inHold(1_000, 1_000), inHold(800, 1_000), inHold(0, 0)];
      expect(hold(...all)).toMatchObject({
        actual: 2_800 / 3_000,
        pass: true,
        samples: { passes: 2_800, total: 3_000 },
      });
      expect(merged(...all).verdict).toBe('pass');
      expect(hold(inHold(10, 10), inHold(10, 10), inHold(10, 10), inHold(800, 1_000))).toMatchObject({
        actual: 830 / 1_030,
        pass: false,
      });
      expect(hold(inHold(0, 0), inHold(0, 0), inHold(0, 0), inHold(0, 0))).toMatchObject({ actual: null, pass: false });
    });

    it('by the worst process where one does not tell its samples', () => {
      const { samples: _none, ...silent } = inHold(950, 1_000);
      const worst = hold(inHold(1_000, 1_000), silent, inHold(800, 1_000), inHold(1_000, 1_000));
      expect(worst).toMatchObject({ actual: 0.8, pass: false });
      expect(worst).not.toHaveProperty('samples');
    });

    it('as k6 does where deliveries are counted by samples', () => {
      const inTier = (passes: number) => ({
        ...inHold(passes, 10_000),
        name: 'deliveries',
        metric: 'ws_delivery_success{scenario:tier_400}',
        target: '>= 100 %',
      });
      const delivered = (passes: number) => target(merged(...Array(4).fill(inTier(passes))), 'deliveries');
      expect([delivered(9_996)?.pass, delivered(9_994)?.pass]).toEqual([true, false]);
    });

    it('of a tier on its own, not on the books of the whole tier', () => {
      const tierOf = (passes: number) => (summary: Summary) => {
        const { connections, messages, pushes, deliveries, balanced, differences } = summary;
        const metric = 'ws_message_success{scenario:tier_400,phase:hold}';
        summary.tiers = [
          {
            ...{ tier: 4_000, memoryBytes: null, targets: [{ ...inHold(passes, 1_000), metric }] },
            ...{ connections, messages, pushes, deliveries, balanced, differences },
          },
        ];
      };
      const tiers = mergeSummaries([700, 800, 1_000, 1_000].map((passes, i) => quarter(i, tierOf(passes)))).tiers;
      expect(tiers?.[0]?.targets[0]).toMatchObject({ actual: 0.875, pass: false });
    });
  });

  it('adds up logins, and judges them on the sums', () => {
    const logins = { name: 'logins', metric: 'ws_ready_success', target: '> 95 %', actual: 1, pass: true };
    const parts = [900, 1_000, 1_000, 860].map((ready, index) =>
      quarter(index, (summary) => {
        const notReady: Record<string, number> = ready === 1_000 ? {} : { timeout: 40, 'wrong password': 960 - ready };
        Object.assign(summary.connections, { ready, closed: ready, notReady });
        summary.targets.push({ ...logins, actual: ready / 1_000, pass: ready > 950 });
      }),
    );
    const merged = mergeSummaries(parts);
    expect(merged.connections).toMatchObject({ ready: 3_760, notReady: { timeout: 80, 'wrong password': 160 } });
    expect(target(merged, 'logins')).toMatchObject({ actual: 0.94, pass: false });
    expect(merged.verdict).toBe('fail');
  });

  it('adds up deliveries over processes: sender and receiver need not be in the same', () => {
    const asked = { name: 'deliveries', metric: 'ws_delivery_success', target: '>= 99 %', actual: 1, pass: true };
    const figures = [
      [1_000, 0],
      [0, 1_990],
      [1_000, 0],
      [0, 0],
    ] as const;
    const parts = (more = 0) =>
      figures.map(([expected, delivered], index) =>
        quarter(index, (summary) => {
          const own = delivered === 0 ? 0 : delivered + more;
          summary.deliveries = { expected, delivered: own, missing: Math.max(0, expected - own), duplicate: 1 };
          summary.targets.push({ ...asked, actual: null, pass: false });
        }),
      );
    const merged = mergeSummaries(parts());
    expect(merged.deliveries).toEqual({ expected: 2_000, delivered: 1_990, missing: 10, duplicate: 4 });
    expect(target(merged, 'deliveries')).toMatchObject({ actual: 0.995, pass: true });
    expect(merged).toMatchObject({ verdict: 'pass', balanced: true });
    expect(mergeSummaries(parts(12))).toMatchObject({
      balanced: false,
      verdict: 'fail',
      differences: ['2 more deliveries than expected'],
    });
    expect(mergeSummaries(quarters()).deliveries).toBeNull();
  });

  it('adds up requests by kind, refusals, pushes, script errors, checks and texts', () => {
    const latency = { count: 10, avg: 1, min: 1, med: 1, p90: 1, p95: 1, p99: 1, max: 1 };
    const parts = quarters().map(({ source, summary }, i) => ({
      source,
      summary: {
        ...summary,
        messages: {
          ...summary.messages,
          sent: 30,
          answered: 8,
          sentOnly: 20,
          failed: { refused: 2 },
          refused: { muted: 2 },
          byRequest: {
            history: { sent: 10, answered: 8, failed: 2, latencyMs: { ...latency, p95: i, max: i } },
            say: { sent: 20, answered: 0, failed: 0, latencyMs: null },
          },
        },
        pushes: { ticker: 5 },
        scriptErrors: { 'TypeError at a.ts:1:2': 1 },
        unexpectedFrames: { hello: 1 },
        byTarget: { '1 a.example.org: dropped': 2 },
        byAddress: { 'a.example.org at 10.0.0.7: dropped': 1 },
        hints: [`hint ${i}`],
        checks: { 'is a list': { passes: 3, fails: 1 } },
      },
    }));
    expect(mergeSummaries(parts)).toMatchObject({
      messages: {
        sent: 120,
        answered: 32,
        sentOnly: 80,
        failed: { refused: 8 },
        refused: { muted: 8 },
        byRequest: {
          history: { sent: 40, answered: 32, failed: 8, latencyMs: { count: 40, avg: 1, p95: 3, max: 3 } },
          say: { sent: 80, answered: 0, failed: 0, latencyMs: null },
        },
      },
      pushes: { ticker: 20 },
      scriptErrors: { 'TypeError at a.ts:1:2': 4 },
      unexpectedFrames: { hello: 4 },
      byTarget: { '1 a.example.org: dropped': 8 },
      byAddress: { 'a.example.org at 10.0.0.7: dropped': 4 },
      hints: [0, 1, 2, 3].map((i) => `segment ${parts[i]?.summary.plan.segment}: hint ${i}`),
      checks: { 'is a list': { passes: 12, fails: 4 } },
    });
  });

  it('judges messages without those that wait for nothing', () => {
    const parts = [0, 1, 2, 3].map((index) =>
      quarter(index, (summary) => {
        summary.messages = {
          ...summary.messages,
          sent: 2_000,
          answered: 950,
          sentOnly: 1_000,
          failed: { timeout: 50 },
        };
      }),
    );
    expect(target(mergeSummaries(parts), 'message success')).toMatchObject({ actual: 0.95, pass: true });
  });

  it('judges a number that has to be, wherever it was', () => {
    const sent = (actual: number | null) => ({
      name: 'messages sent',
      metric: 'ws_messages_sent',
      target: '> 0',
      actual,
      pass: (actual ?? 0) > 0,
    });
    const of = (...values: (number | null)[]) =>
      target(
        mergeSummaries(values.map((value, i) => quarter(i, (summary) => summary.targets.push(sent(value))))),
        'messages sent',
      );
    expect(of(null, 3, null, 4)).toMatchObject({ actual: 7, pass: true });
    expect(of(null, null, null, null)).toMatchObject({ actual: 0, pass: false });
  });

  it('knows neither count nor 99th percentile where a process has none (shapes.ts)', () => {
    const parts = quarters();
    parts[1] = quarter(1, (summary) => {
      summary.latencyMs.connect = { count: null, avg: 9, min: 0.5, med: 3, p90: 8, p95: 10, p99: null, max: 40 };
    });
    expect(mergeSummaries(parts).latencyMs.connect).toMatchObject({ count: null, avg: 9, min: 0.5, p99: 20 });
  });

  it('adds up arrivals', () => {
    const parts = quarters().map(({ source, summary }) => ({
      source,
      summary: {
        ...summary,
        connections: { ...summary.connections, planned: 1_003 },
        arrivals: { askedPerSecond: 2.5, achievedPerSecond: 2.4, dropped: 3, vus: 40 },
      },
    }));
    expect(mergeSummaries(parts).balanced).toBe(true);
    parts[0]!.summary.connections.planned += 1;
    expect(mergeSummaries(parts).differences).toEqual([
      'planned 4,013 is not attempted 4,000 + never attempted 0 + dropped by k6 12',
    ]);
    expect(mergeSummaries(parts).arrivals).toEqual({
      askedPerSecond: 10,
      achievedPerSecond: 9.6,
      dropped: 12,
      vus: 40,
    });
  });

  it('has exact least, greatest and mean times; the worst percentile stands for all', () => {
    const parts = quarters();
    parts[3] = quarter(3, (summary) => {
      summary.latencyMs.connect = { count: 3_000, avg: 8, min: 0.5, med: 9, p90: 7, p95: 30, p99: 60, max: 90 };
    });
    expect(mergeSummaries(parts).latencyMs.connect).toEqual({
      count: 6_000,
      avg: 6,
      min: 0.5,
      med: 9,
      p90: 8,
      p95: 30,
      p99: 60,
      max: 90,
    });
  });

  it('says what was planned, when the last process ended, and what ran where they differ', () => {
    const parts = quarters();
    parts.forEach(({ summary }, i) => {
      summary.description = '4,000 connections';
      summary.endedAt = `2026-11-26T12:00:0${4 - i}.000Z`;
      summary.versions = { k6: '2.2.0', system: i < 2 ? 'Linux' : 'Windows' };
    });
    expect(mergeSummaries(parts)).toMatchObject({
      description: '4,000 connections',
      endedAt: '2026-11-26T12:00:04.000Z',
      versions: { k6: '2.2.0', system: 'Linux and Windows' },
    });
  });

  it('says which segment and how many connections are missing', () => {
    expect(problemsOf([quarter(0), quarter(2), quarter(3)], 4)).toEqual([
      '4 files are expected, there are 3',
      'segment 1/4:2/4 is missing',
      'the shares of these files add up to 3000 connections, the test plans 4000',
    ]);
  });

  it('refuses files of different plans and names both values', () => {
    const other = quarter(1, (summary) => {
      summary.plan.holdMs = 99;
      summary.plan.urls = ['ws://elsewhere/'];
      summary.targets[0] = { ...summary.targets[0]!, target: '> 99 %' };
    });
    expect(problemsOf([quarter(0), other, quarter(2), quarter(3)])).toEqual([
      'urls is ["ws://localhost:8081/"] in 0/summary.json, but ["ws://elsewhere/"] in 1/summary.json',
      'holdMs is 10000 in 0/summary.json, but 99 in 1/summary.json',
      'target "connect success" on ws_connect_success is "> 95 %" in 0/summary.json, but "> 99 %" in 1/summary.json',
    ]);
  });

  describe('refuses parts of different times', () => {
    /** A half of a test of 13 s that began at so many seconds after 12:00, and took so long. */
    const half = (
      index: number,
      fromSeconds: number,
      durationMs = 13_000,
      change: (summary: Summary) => void = () => {},
    ) =>
      quarter(index, (summary) => {
        summary.plan.connections = 2_000;
        summary.plan.segment = index === 0 ? '0:1/2' : '1/2:1';
        summary.durationMs = durationMs;
        summary.endedAt = new Date(Date.UTC(2026, 10, 26, 12, 0, fromSeconds) + durationMs).toISOString();
        change(summary);
      });

    it('as what an earlier run left in the place of a process that was killed', () => {
      const problem = [
        '1/summary.json ran from 2026-11-26T12:00:00.000Z to 2026-11-26T12:00:13.000Z, but 0/summary.json from 2026-11-26T12:00:14.000Z to 2026-11-26T12:00:27.000Z: expected parts of one test, which run at the same time by clocks that agree; take the files of one run',
      ];
      expect(problemsOf([half(0, 14), half(1, 0)])).toEqual(problem);
      expect(problemsOf([half(1, 0), half(0, 14)])).toEqual(problem);
    });

    it('but not one that began late, was cut off early, or does not tell', () => {
      expect(problemsOf([half(0, 0), half(1, 12)])).toEqual([]);
      const silent = half(1, 14, 13_000, (summary) => {
        delete summary.endedAt;
      });
      expect(problemsOf([half(0, 0), silent])).toEqual([]);
      const idle = half(1, 0, 500, ({ connections }) => Object.assign(connections, { planned: 0 }));
      expect(problemsOf([half(0, 1), idle])).toEqual([]);
      const cut = (change: (summary: Summary) => void) => half(0, 0, 500, change);
      expect(problemsOf([cut(() => {}), half(1, 1)])).toHaveLength(1);
      const unattempted = cut(({ connections }) => Object.assign(connections, { attempted: 990, unattempted: 10 }));
      expect(problemsOf([unattempted, half(1, 1)])).toEqual([]);
      expect(problemsOf([unattempted, half(1, 14)])).toHaveLength(1);
      const interrupted = cut(({ connections }) => Object.assign(connections, { dropped: { interrupted: 10 } }));
      expect(problemsOf([interrupted, half(1, 1)])).toEqual([]);
    });
  });

  it('refuses a whole test among others, and no file at all', () => {
    const whole = quarter(0, (summary) => {
      summary.plan.segment = null;
    });
    expect(problemsOf([whole, quarter(1)])[0]).toBe('0/summary.json: no execution segment, a whole test by itself');
    expect(problemsOf([])).toEqual(['there is no summary.json of a single process']);
  });

  it('leaves a single whole test as it is, with its only process', () => {
    const summary = aSummary();
    const { processes, ...merged } = mergeSummaries([{ source: 'summary.json', summary }]);
    expect(merged).toEqual(summary);
    expect(processes).toHaveLength(1);
  });
});
