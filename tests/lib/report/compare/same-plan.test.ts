import { describe, expect, it, test } from 'vitest';
import { planProblems } from '../../../../lib/report/compare/same-plan.ts';
import type { Summary } from '../../../../lib/report/summary.ts';
import { aSummary } from '../a-summary.ts';

type Plan = Summary['plan'];
const plan = (more: Partial<Plan>): Partial<Summary> => ({ plan: { ...aSummary().plan, ...more } });
const problems = (...changes: Partial<Summary>[]) =>
  planProblems([{}, ...changes].map((change, i) => ({ source: `${i}.json`, summary: aSummary(change) })));

it.each<[string, Partial<Summary>, string]>([
  ['scenario', { scenario: 'storm' }, 'scenario is "concurrent" in 0.json, but "storm" in 1.json'],
  ['connections', plan({ connections: 500 }), 'connections is 1000 in 0.json, but 500 in 1.json'],
  ['hold', plan({ holdMs: 1 }), 'holdMs is 10000 in 0.json, but 1 in 1.json'],
  ['interval', plan({ messageIntervalMs: 1 }), 'messageIntervalMs is 5000 in 0.json, but 1 in 1.json'],
  ['conversation', plan({ conversation: 'listen' }), 'conversation is "echo" in 0.json, but "listen" in 1.json'],
  ['targets', plan({ urls: ['ws://a/', 'ws://b/'] }), 'targets is 1 in 0.json, but 2 in 1.json'],
  [
    'a field of later releases',
    plan({ backoffMs: 1 } as Partial<Plan>),
    'backoffMs is missing in 0.json, but 1 in 1.json',
  ],
])('another %s is another plan', (_, change, problem) => {
  expect(problems(change)).toEqual([problem]);
});

test('all differences in all files are named', () => {
  const change = { scenario: 'storm', ...plan({ connections: 5, batchSize: 5 }) };
  expect(problems({}, change)).toHaveLength(3);
});

test('the same conversation in another checkout, and the target at another address, are the same plan', () => {
  const here = plan({ conversation: '/a/hello.ts', urls: ['ws://127.0.0.1:1/'], profile: 'standard', totalMs: 1 });
  const there = plan({ conversation: 'C:\\b\\hello.ts', urls: ['ws://127.0.0.1:2/'], unusedSettings: ['WS_RATE'] });
  const [first, second] = [aSummary(here), aSummary(there)].map((summary) => ({ source: 'x', summary }));
  expect(planProblems([first, second] as Parameters<typeof planProblems>[0])).toEqual([]);
});

test('other tiers are another plan, also where they add up to as many connections', () => {
  const tiers = (...of: number[]) => ({ scenario: 'tiers', tiers: of.map((tier) => ({ tier })) }) as Partial<Summary>;
  const runs = [tiers(30, 60), tiers(40, 50)].map((change, i) => ({ source: `${i}.json`, summary: aSummary(change) }));
  expect(planProblems(runs)).toEqual(['tiers is [30,60] in 0.json, but [40,50] in 1.json']);
});

describe('the same run', () => {
  const endedAt = '2026-11-26T12:00:00.000Z';
  const of = (...runs: [source: string, change: Partial<Summary>][]) =>
    planProblems(runs.map(([source, change]) => ({ source, summary: aSummary({ endedAt, ...change }) })));

  it('is refused where it is given several times, under one name or under two', () => {
    expect(of(['a', {}], ['a', {}], ['a', {}])).toEqual(['a is given 3 times: expected each run once']);
    expect(of(['a', {}], ['b', {}])).toEqual(['a and b are files of the same run: expected each run once']);
  });

  it.each<[string, Partial<Summary>]>([
    ['ended at another time', { endedAt: '2026-11-26T12:00:00.001Z' }],
    ['took longer', { durationMs: 1 }],
    ['has other connections', { connections: { ...aSummary().connections, closed: 999, dropped: { reset: 1 } } }],
    ['has other messages', { messages: { ...aSummary().messages, unexpected: 1 } }],
    ['has other times', { latencyMs: { ...aSummary().latencyMs, connect: null } }],
    ['does not tell when it ended', { endedAt: undefined as unknown as string }],
  ])('is none that %s', (_, change) => {
    expect(of(['a', change], ['b', 'endedAt' in change && !change.endedAt ? change : {}])).toEqual([]);
  });

  it('is named beside other plans', () => {
    expect(of(['a', {}], ['a', {}], ['b', { endedAt: '2026-11-26T13:00:00.000Z', scenario: 'storm' }])).toEqual([
      'a is given 2 times: expected each run once',
      'scenario is "concurrent" in a, but "storm" in b',
    ]);
  });
});

test('one process of several is no run', () => {
  expect(problems(plan({ segment: '0:1/2', share: 500 }))).toEqual([
    '1.json is one process of a test (segment 0:1/2): merge its processes first, then compare',
  ]);
});

test('one process and several are different plans: memory is of each', () => {
  const merged = { processes: [{}, {}] } as unknown as Partial<Summary>;
  expect(problems(merged)).toEqual(['processes is 1 in 0.json, but 2 in 1.json']);
});
