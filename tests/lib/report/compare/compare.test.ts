import { describe, expect, it, test } from 'vitest';
import { compareRuns, NotComparable } from '../../../../lib/report/compare/compare.ts';
import { comparisonMarkdown } from '../../../../lib/report/compare/markdown.ts';
import { comparisonText } from '../../../../lib/report/compare/text.ts';
import type { Latency, Summary } from '../../../../lib/report/summary.ts';
import { aSummary } from '../a-summary.ts';

const runs = (name: string, ...changes: Partial<Summary>[]) =>
  changes.map((change, i) => ({ source: `${name}/${i + 1}/summary.json`, summary: aSummary(change) }));

/** Round trips so many times as slow. */
function slower(times: number): Partial<Summary> {
  const { latencyMs } = aSummary();
  const scaled = Object.entries(latencyMs.roundTrip as Latency).map(([stat, value]) => [stat, 10 * times * value]);
  return { latencyMs: { ...latencyMs, roundTrip: Object.fromEntries(scaled) } };
}

const compare = (before: Partial<Summary>[], after: Partial<Summary>[]) =>
  compareRuns(runs('before', ...before), runs('after', ...after), 0.1);

/** A run of `capacity` with these verdicts of its steps. */
function capacity({ failedAt, steps }: { failedAt: number | null; steps: (boolean | null)[] }): Partial<Summary> {
  const judged = steps.map((pass, i) => ({ pass, connections: (i + 1) * 100, roundTripMs: null }));
  const part = { holds: 100, failedAt, steps: judged } as unknown as Summary['capacity'];
  return { scenario: 'capacity', capacity: part as NonNullable<Summary['capacity']> };
}

const verdictOf = (comparison: ReturnType<typeof compareRuns>, name: string) =>
  comparison.figures.find((figure) => figure.name === name)?.verdict;

test('the same run twice is no difference, and every figure says so', () => {
  const comparison = compare([{}], [{}]);
  expect(comparison.verdict).toBe('no difference');
  expect(new Set(comparison.figures.map(({ verdict }) => verdict))).toEqual(new Set(['same']));
  expect(comparison.figures.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'connect success',
      'message success',
      'generator memory',
      'round trip p50',
      'round trip p99',
    ]),
  );
});

test('a server that is slower is worse, one that is faster better, both worse', () => {
  expect(compare([slower(1)], [slower(1.2)]).verdict).toBe('worse');
  expect(compare([slower(1.2)], [slower(1)]).verdict).toBe('better');
  const { connections, ...books } = aSummary();
  const fewer: Partial<Summary> = {
    targets: books.targets.map((target) => (target.name === 'connect success' ? { ...target, actual: 0.96 } : target)),
    connections: { ...connections, established: 960, failed: { refused: 40 } },
  };
  const mixed = compare([slower(1.2)], [{ ...slower(1), ...fewer }]);
  expect(mixed.verdict).toBe('worse');
  expect(verdictOf(mixed, 'connect success')).toBe('worse');
  expect(verdictOf(mixed, 'round trip p50')).toBe('better');
  expect(mixed.figures.find(({ name }) => name === 'not established: refused')).toMatchObject({
    before: { values: [0] },
    after: { values: [40] },
    verdict: null,
  });
});

test('different plans are refused', () => {
  expect(() => compare([{}], [{ scenario: 'storm' }])).toThrow(NotComparable);
});

test('tiers are compared one by one', () => {
  const tier = (actual: number): Partial<Summary> => {
    const { connections, messages, pushes, deliveries, targets } = aSummary();
    const first = {
      ...(targets[0] as Summary['targets'][number]),
      name: 'connect success of 1,000',
      metric: 'ws_connect_success{scenario:tier_1000}',
      actual,
    };
    const books = { connections, messages, pushes, deliveries, balanced: true, differences: [], memoryBytes: null };
    return { scenario: 'tiers', targets: [first], tiers: [{ tier: 1_000, ...books, targets: [first] }] };
  };
  const comparison = compare([tier(1)], [tier(0.9)]);
  expect(verdictOf(comparison, 'connect success of 1,000')).toBe('worse');
});

describe('beside the figures', () => {
  it.each<[Partial<Summary>, Partial<Summary>, string]>([
    [{}, { balanced: false }, 'The books of after/1/summary.json do not balance: its figures are not to be trusted.'],
    [
      { generator: { ...aSummary().generator, limits: ['it stalled'] } },
      {},
      'The generator was a limit in before/1/summary.json: a difference may be its own.',
    ],
    [
      {},
      { plan: { ...aSummary().plan, urls: ['ws://other/'] } },
      'Target: ws://localhost:8081/ before, ws://other/ after.',
    ],
    [
      { versions: { k6: '1.8.1' } } as Partial<Summary>,
      { versions: { k6: '2.2.0' } } as Partial<Summary>,
      'k6: 1.8.1 before, 2.2.0 after.',
    ],
    [
      {},
      {
        targets: [
          ...aSummary().targets,
          { name: 'round trip p95', metric: 'ws_message_rtt', target: '< 1s', actual: 4, pass: true },
        ],
      },
      'The target "round trip p95" is asked for on one side only.',
    ],
    [
      {},
      { connections: { ...aSummary().connections, closed: 900, dropped: { interrupted: 100 } } },
      'after/1/summary.json is of a run that was cut off: its figures are of a part of the plan.',
    ],
    [
      capacity({ failedAt: null, steps: [true, null] }),
      capacity({ failedAt: null, steps: [true, true] }),
      'before/1/summary.json is of a run that was cut off: its figures are of a part of the plan.',
    ],
  ])('it is said %#', (before, after, note) => {
    expect(compare([before], [after]).notes).toEqual([note]);
  });

  test('capacity that ended at its limit was not interrupted', () => {
    const { connections } = aSummary();
    const ended = {
      ...capacity({ failedAt: 200, steps: [true, false] }),
      connections: { ...connections, attempted: 200, unattempted: 800, closed: 0, dropped: { interrupted: 200 } },
    };
    expect(compare([ended], [ended]).notes).toEqual([]);
  });

  test('books that do not balance any more are worse, whatever the figures say', () => {
    expect(compare([{}], [{ balanced: false }]).verdict).toBe('worse');
    expect(compare([{ balanced: false }], [{ balanced: false }]).verdict).toBe('no difference');
  });
});

describe('the text', () => {
  test('fits 80 columns, with one run of each side and with three', () => {
    const one = comparisonText(compare([slower(1)], [slower(1.2)]), false);
    const three = comparisonText(
      compare([slower(1), slower(1.01), slower(1.02)], [slower(1.2), slower(1.21), slower(1.22)]),
      false,
    );
    for (const text of [one, three]) {
      expect(text).toMatch(/^ WORSE {2}concurrent: \d of \d+ figures worse, 0 better\n/);
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    }
    expect(one).toMatch(/^ {4}round trip p50 +20 ms +24 ms +\+20 % +worse$/m);
    expect(three).toMatch(/^ {4}round trip p50 +20\.2 ms \(20-20\.4\) +24\.2 ms \(24-24\.4\) +\+20 % +worse$/m);
    expect(three).toContain('beyond the spread');
  });

  test('colours the verdict on a terminal alone', () => {
    expect(comparisonText(compare([{}], [{}]), true)).toContain('\u001b[32m NO DIFFERENCE \u001b[0m');
  });
});

describe('the Markdown', () => {
  test('shows what is worse first, and all figures behind a click', () => {
    const markdown = comparisonMarkdown(compare([slower(1)], [slower(1.2)]));
    const [shown = '', hidden = ''] = markdown.split('<details>');
    expect(shown).toMatch(/^### ❌ Worse: concurrent\n\nBefore: 1 run\. After: 1 run\. 1 of \d+ figures worse/);
    expect(shown).toContain('| round trip p50 | 20 ms | 24 ms | +20 % | **worse** |');
    expect(shown).not.toContain('connect success');
    expect(hidden).toContain('| connect success | 100.00 % | 100.00 % | 0 |  |');
  });

  test('a reason of a conversation cannot break the table', () => {
    const { connections } = aSummary();
    const dropped = { connections: { ...connections, dropped: { 'bad | <b>word</b>\n': 1 } } };
    expect(comparisonMarkdown(compare([{}], [dropped]))).toContain('| dropped: bad \\| \\<b\\>word\\</b\\> | 0 | 1 |');
  });
});
