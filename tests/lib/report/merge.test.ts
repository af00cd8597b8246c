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

const target = (summary: Summary, name: string) => summary.targets.find((t) => t.name === name);

describe('mergeSummaries()', () => {
  it('adds up counts and reasons', () => {
    const parts = quarters();
    parts[1] = quarter(1, ({ connections }) => {
      connections.established = 990;
      connections.failed = { refused: 7, dns: 3 };
    });
    parts[2] = quarter(2, ({ connections }) => {
      connections.established = 995;
      connections.failed = { refused: 5 };
    });
    const merged = mergeSummaries(parts);
    expect(merged.connections).toMatchObject({ planned: 4_000, attempted: 4_000, established: 3_985 });
    expect(merged.connections.failed).toEqual({ refused: 12, dns: 3 });
    expect(merged.messages.sent).toBe(8_000);
    expect(merged.plan).toMatchObject({ connections: 4_000, share: 4_000, segment: null });
    expect(merged.verdict).toBe('pass');
    expect(merged.processes.map((p) => p.established)).toEqual([1_000, 990, 995, 1_000]);
  });

  it('judges a rate on the sums: one bad process out of four can be within the target, or spoil it', () => {
    const failing = (established: number) =>
      quarter(0, (summary) => {
        summary.verdict = 'fail';
        summary.connections.established = established;
        summary.connections.failed = { refused: 1_000 - established };
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
        summary.connections = { ...summary.connections, planned, attempted: 0, established: 0, closed: 0 };
        summary.messages = { ...summary.messages, sent: 0, replied: 0 };
        summary.targets = summary.targets.map((t) => ({ ...t, actual: null, pass: false }));
      });
    expect(mergeSummaries([quarter(0), quarter(1), idle(0), quarter(3)]).verdict).toBe('pass');
    const missing = mergeSummaries([quarter(0), quarter(1), idle(1_000), quarter(3)]);
    expect(target(missing, 'never attempted')).toMatchObject({ pass: false });
    expect(missing.verdict).toBe('fail');
  });

  it('takes the worst process for a rate of a part that has no books', () => {
    const parts = [0.99, 0.97, 1, 1].map((actual, index) =>
      quarter(index, (summary) => {
        summary.targets[0] = { ...summary.targets[0]!, metric: 'ws_connect_success{phase:ramp}', actual };
      }),
    );
    expect(target(mergeSummaries(parts), 'connect success')).toMatchObject({ actual: 0.97, pass: true });
  });

  it('adds up arrivals', () => {
    const parts = quarters().map(({ source, summary }) => ({
      source,
      summary: { ...summary, arrivals: { askedPerSecond: 2.5, achievedPerSecond: 2.4, dropped: 3, vus: 40 } },
    }));
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
