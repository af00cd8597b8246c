import { describe, expect, it } from 'vitest';
import { summaryProblems } from '../../../lib/report/whole-summary.ts';
import { aSummary } from './a-summary.ts';
import { ALL_HELD, summaryOfFour } from './capacity-data.ts';

/** A healthy summary as read from a file, with the field at a path replaced; undefined: left out. */
function withField(path: string, value: unknown, summary: unknown = aSummary()): unknown {
  const whole = JSON.parse(JSON.stringify(summary));
  const names = path.split('.');
  const last = names.pop() as string;
  const part = names.reduce((of, name) => of[name], whole);
  if (value === undefined) delete part[last];
  else part[last] = value;
  return whole;
}

describe('summaryProblems()', () => {
  it('finds none in what a run leaves', () => {
    const capacity = summaryOfFour([{ planned: 1_000 }, { planned: 2_000 }], ALL_HELD);
    const endedAt = new Date().toISOString();
    for (const summary of [aSummary(), aSummary({ endedAt }), capacity]) {
      expect(summaryProblems(JSON.parse(JSON.stringify(summary)))).toEqual([]);
    }
  });

  it.each([
    ['plan.urls', undefined, 'plan.urls is missing, expected a list of texts'],
    ['checks', undefined, 'checks is missing, expected checks with passes and fails'],
    ['latencyMs.connect', undefined, 'latencyMs.connect is missing, expected times in ms, or null'],
    ['latencyMs.connect', { avg: 1 }, 'latencyMs.connect is {"avg":1}, expected times in ms, or null'],
    ['generator.limits', 'none', 'generator.limits is "none", expected a list of texts'],
    ['connections.failed', undefined, 'connections.failed is missing, expected counts by their names'],
    ['connections.failed', { dns: '3' }, 'connections.failed is {"dns":"3"}, expected counts by their names'],
    ['connections.attempted', '1000', 'connections.attempted is "1000", expected a number from 0'],
    ['messages.sent', -1, 'messages.sent is -1, expected a number from 0'],
    ['endedAt', 'yesterday', 'endedAt is "yesterday", expected a time as 2026-11-26T12:00:00.000Z'],
    ['deliveries', { expected: 1 }, 'deliveries is {"expected":1}, expected counts of deliveries, or null'],
    [
      'targets',
      [{ name: 'x' }],
      'targets is [{"name":"x"}], expected targets with name, metric, target, actual and pass',
    ],
    ['tiers', [{ tier: 1 }], 'tiers[0].connections.planned is missing, expected a number from 0'],
    ['capacity', {}, 'capacity.steps is missing, expected a list'],
    ['reconnect', {}, 'reconnect.clients.planned is missing, expected a number from 0'],
  ])('names %s where it is %j', (path, value, problem) => {
    expect(summaryProblems(withField(path, value))[0]).toBe(problem);
  });

  it('looks into each step, and cuts what is long', () => {
    const capacity = summaryOfFour([{ planned: 1_000 }], ALL_HELD);
    expect(summaryProblems(withField('capacity.steps.1.open', 'x'.repeat(99), capacity))).toEqual([
      `capacity.steps[1].open is "${'x'.repeat(59)}…, expected a number from 0`,
    ]);
  });
});
