import { describe, expect, it } from 'vitest';
import { summarize } from '../../../lib/report/summarize.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { targetsFor } from '../../../thresholds/targets.ts';
import { ECHO, factsOf } from '../some-traits.ts';
import { type Happened, k6DataOf, trend } from './k6-data-of.ts';

const HEALTHY: Happened = {
  attempted: 1_000,
  established: 1_000,
  closed: 1_000,
  sent: 2_000,
  answered: 2_000,
  connectMs: 10,
  establishMs: 1_000,
  rttMs: 2,
  memoryBytes: 200e6,
};

function summaryOf(happened: Happened, env: Record<string, string> = {}, share = 1_000) {
  const settings = parseSettings({ WS_PROFILE: 'development', ...env });
  return summarize(
    'concurrent',
    factsOf(settings),
    { connections: share, vus: share + 1, segment: share === 1_000 ? null : '0:1/2' },
    targetsFor(settings, ECHO),
    k6DataOf(happened),
  );
}

describe('the summary', () => {
  it('of a healthy run passes, with all of its fields', () => {
    expect(summaryOf(HEALTHY)).toMatchObject({
      schemaVersion: 2,
      verdict: 'pass',
      scenario: 'concurrent',
      plan: {
        profile: 'development',
        connections: 1_000,
        share: 1_000,
        segment: null,
        totalMs: 303_000 - 1_000 + 1_000,
      },
      durationMs: 13_000,
      connections: { planned: 1_000, attempted: 1_000, established: 1_000 },
      messages: { sent: 2_000, answered: 2_000 },
      generator: { memoryBytes: 200e6, lagMs: null, busy: null, limits: [] },
      balanced: true,
      differences: [],
    });
  });

  it('passes when only memory was not measured', () => {
    const { memoryBytes: _, ...unmeasured } = HEALTHY;
    const summary = summaryOf(unmeasured);
    expect(summary.verdict).toBe('pass');
    expect(summary.generator.memoryBytes).toBeNull();
    expect(summary.targets.find(({ metric }) => metric === 'generator_memory')).toMatchObject({
      actual: null,
      pass: null,
    });
  });

  it.each<[string, Happened]>([
    ['a missed target', { ...HEALTHY, rttMs: 2, connectMs: 10_000 }],
    ['books that do not balance', { ...HEALTHY, answered: 2_001 }],
    ['a pending counter that is not back at 0', { ...HEALTHY, counters: [0, 0, 0, 1] }],
    ['nothing at all', {}],
  ])('fails with %s', (_, happened) => {
    expect(summaryOf(happened).verdict).toBe('fail');
  });

  it("judges a process by its own share, the plan's connections stay those of the whole test", () => {
    const half: Happened = { ...HEALTHY, attempted: 500, established: 500, closed: 500 };
    const summary = summaryOf(half, {}, 500);
    expect(summary).toMatchObject({
      verdict: 'pass',
      plan: { connections: 1_000, share: 500, segment: '0:1/2' },
      connections: { planned: 500, unattempted: 0 },
    });
  });

  it('has the figures of each Trend, and null for one without samples', () => {
    const figures = { avg: 1.23456, min: 0.5, med: 1, 'p(90)': 2, 'p(95)': 3, 'p(99)': 4, max: 5, count: 7 };
    const { latencyMs, generator } = summaryOf({
      attempted: 7,
      metrics: {
        ws_connect_time: trend(figures),
        ws_establish_time: trend({ ...figures, count: 0 }),
        generator_lag: trend(figures),
      },
    });
    const expected = { avg: 1.235, min: 0.5, med: 1, p90: 2, p95: 3, p99: 4, max: 5, count: 7 };
    expect(latencyMs).toEqual({
      connect: expected,
      establish: null,
      ready: null,
      roundTrip: null,
      response: null,
      firstReply: null,
      delivery: null,
    });
    expect(generator.lagMs).toEqual(expected);
  });

  it('counts the texts behind the reasons, and the statuses that only k6 itself knows', () => {
    const { details, connections } = summaryOf({
      attempted: 5,
      failed: { bad_handshake: 5 },
      checks: { 'ws detail: close 1011': 2 },
      metrics: { 'ws_sessions{status:429}': { type: 'counter', contains: 'default', values: { count: 5 } } },
    });
    expect(details).toEqual({ 'close 1011': 2, 'HTTP 429': 5 });
    expect(connections.failed).toMatchObject({ http_4xx: 5 });
  });

  it('tells words apart by their kind, and those of the conversation’s own checks', () => {
    const summary = summaryOf({
      ...HEALTHY,
      checks: {
        'ws script error: TypeError at a.ts:1:2': 1,
        'ws frame: hello': 2,
        'ws target: 2 b.example.org: dropped': 3,
        'ws address: b.example.org at [: :1]: dropped': 5,
        'the reply is a list': 4,
      },
    });
    expect(summary).toMatchObject({
      details: {},
      scriptErrors: { 'TypeError at a.ts:1:2': 1 },
      unexpectedFrames: { hello: 2 },
      byTarget: { '2 b.example.org: dropped': 3 },
      byAddress: { 'b.example.org at [::1]: dropped': 5 },
      hints: [],
      checks: { 'the reply is a list': { passes: 0, fails: 4 } },
    });
    expect(summaryOf(HEALTHY)).not.toHaveProperty('byTarget');
    expect(summaryOf(HEALTHY)).not.toHaveProperty('byAddress');
  });

  it('has no addresses where a proxy is in the way: they would be its own', () => {
    const settings = parseSettings({ WS_PROFILE: 'development' });
    const checks = { 'ws address: b.example.org at 10.0.0.7: not established': 5 };
    const facts = { ...factsOf(settings), proxies: ['http://proxy:3128'] };
    const share = { connections: 1_000, vus: 1_001, segment: null };
    const data = k6DataOf({ ...HEALTHY, checks });
    expect(summarize('concurrent', facts, share, targetsFor(settings, ECHO), data)).not.toHaveProperty('byAddress');
  });

  it('shows addresses without what can be secret', () => {
    const summary = summaryOf(HEALTHY, {
      WS_URL: 'wss://example.org/feed?token=hunter2, ws://other.example.org',
      WS_HEADERS: '{"Authorization":"Bearer hunter2"}',
    });
    expect(summary.plan.urls).toEqual(['wss://example.org/feed?…', 'ws://other.example.org/']);
    expect(JSON.stringify(summary)).not.toContain('hunter2');
  });
});
