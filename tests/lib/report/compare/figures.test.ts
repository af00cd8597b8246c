import { expect, test } from 'vitest';
import { compareRuns } from '../../../../lib/report/compare/compare.ts';
import { figuresOf } from '../../../../lib/report/compare/figures.ts';
import type { Latency, Summary } from '../../../../lib/report/summary.ts';
import { aSummary } from '../a-summary.ts';

const latency = (ms: number): Latency => ({ count: 9, avg: ms, min: ms, med: ms, p90: ms, p95: ms, p99: ms, max: ms });

const compare = (before: Partial<Summary>, after: Partial<Summary>) =>
  compareRuns([{ source: 'before', summary: aSummary(before) }], [{ source: 'after', summary: aSummary(after) }], 0.1);
const verdicts = ({ figures }: ReturnType<typeof compare>) =>
  Object.fromEntries(figures.map(({ name, verdict }) => [name, verdict]));

/** A capacity test in steps of 1,000, up to 5,000, whose round trips are so many ms in each. */
function capacity(holds: number, roundTrips: (number | null)[]): Partial<Summary> {
  const steps = [1_000, 2_000, 3_000, 4_000, 5_000].map((connections, i) => {
    const ms = roundTrips[i] ?? null;
    return { connections, roundTripMs: ms === null ? null : latency(ms) };
  });
  return { scenario: 'capacity', capacity: { holds, failedAt: null, steps } } as unknown as Partial<Summary>;
}

test('capacity: how many are held, and the round trip of each step that both came to', () => {
  const before = capacity(4_000, [10, 20, 30, 40]);
  const fewer = compare(before, capacity(2_000, [10, 26, 80]));
  expect(fewer.verdict).toBe('worse');
  expect(verdicts(fewer)).toMatchObject({
    'connections held': 'worse',
    'at 1,000 p50': 'same',
    'at 2,000 p50': 'worse',
    'at 4,000 p50': null,
  });
  // Of the whole runs nothing is compared: their loads differ.
  expect(Object.keys(verdicts(fewer))).not.toContain('round trip p50');
  // One step at the edge is chance.
  expect(verdicts(compare(before, capacity(3_000, [10, 20, 30])))).toMatchObject({ 'connections held': 'same' });
  expect(verdicts(compare(capacity(2_000, []), before))).toMatchObject({ 'connections held': 'better' });
});

test('capacity: other steps are another plan', () => {
  const other = {
    ...capacity(1_000, [1]),
    capacity: { holds: 1_000, steps: [{ connections: 500, roundTripMs: null }] },
  };
  expect(() => compare(capacity(1_000, [1]), other as Partial<Summary>)).toThrow(
    /steps is \[1000,2000,3000,4000,5000\]/,
  );
});

test('reconnect: how long clients were down, and how available it was', () => {
  const reconnect = (seconds: number, availability: number, backAllMs: (number | null)[] = [seconds * 1_000]) =>
    ({
      scenario: 'reconnect',
      reconnect: {
        outages: { drops: 100, recovered: 100, open: 0 },
        events: backAllMs.map((ms) => ({ backAllMs: ms })),
        downMs: latency(seconds * 500),
        herd: { attempts: 80 },
        availability,
      },
    }) as unknown as Partial<Summary>;
  expect(verdicts(compare(reconnect(5, 0.98), reconnect(9, 0.95)))).toMatchObject({
    'down p50': 'worse',
    'until all were back, longest': 'worse',
    availability: 'worse',
    drops: null,
    'attempts in the worst second': null,
  });
  expect(compare(reconnect(5, 0.98), reconnect(5.5, 0.978)).verdict).toBe('no difference');
  const never = figuresOf(aSummary(reconnect(5, 0.9, [4_000, null])));
  expect(never.find(({ name }) => name.startsWith('until all'))?.value).toBeNull();

  const target = (name: string, metric: string, value: string) => ({
    name,
    metric,
    target: value,
    actual: 1,
    pass: true,
  });
  const targets = [
    target('recovery', 'ws_recovery_time', '<30000'),
    target('availability', 'ws_availability', '>=0.9'),
  ];
  const judged = figuresOf(aSummary({ ...reconnect(5, 0.98), targets } as Partial<Summary>));
  expect(judged.find(({ name }) => name === 'recovery')?.noise).toBe('recovery');
  expect(judged.filter(({ name }) => name === 'availability')).toHaveLength(1);
});

test("the target's own memory and CPU, of all endpoints together", () => {
  const target = (mb: number, cores: number) => {
    const own = {
      memoryBytes: { peak: mb * 1e6, after: null },
      bytesPerConnection: mb * 1e3,
      cpuCores: { hold: cores },
    };
    return {
      target: [{ memoryBytes: null, bytesPerConnection: null, cpuCores: null }, own],
    } as unknown as Partial<Summary>;
  };
  expect(verdicts(compare(target(100, 0.5), target(180, 0.9)))).toMatchObject({
    'memory at the peak': 'worse',
    'memory per connection': 'worse',
    'CPU cores in the hold': 'worse',
  });
  expect(compare(target(100, 0.5), target(110, 0.55)).verdict).toBe('no difference');
});

test('how late the generator was goes with what lies as far out', () => {
  const lagMs = { ...latency(1), p95: 5, p99: 9, max: 20 };
  const figures = figuresOf(aSummary({ generator: { memoryBytes: null, lagMs, busy: null, limits: [] } }));
  const late = (name: string) => figures.find((figure) => figure.name === name)?.lateMs;
  expect(['round trip p50', 'round trip p95', 'round trip p99'].map(late)).toEqual([undefined, 5, 9]);
  expect(['connect p50', 'establish time', 'message success'].map(late)).toEqual([20, 20, undefined]);
});

test("a tier's 95th percentile is as far out as that of a whole run", () => {
  const { connections, messages, pushes, deliveries } = aSummary();
  const books = { connections, messages, pushes, deliveries, balanced: true, differences: [], memoryBytes: null };
  const asked = { metric: 'ws_message_rtt{scenario:tier_1000}', target: '< 500ms', actual: 20, pass: true };
  const tier = { tier: 1_000, ...books, targets: [{ name: 'round trip p95 of 1,000', ...asked }] };
  const figures = figuresOf(aSummary({ scenario: 'tiers', tiers: [tier] }));
  expect(figures.find(({ name }) => name === 'round trip p95 of 1,000')).toMatchObject({ noise: 'tail' });
});
