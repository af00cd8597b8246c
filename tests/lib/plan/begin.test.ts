import { afterEach, describe, expect, it, vi } from 'vitest';
import { beginTest } from '../../../lib/plan/begin.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';

const begin = (summaryTrendStats?: string[], env: Record<string, string> = {}) => {
  const abort = vi.fn();
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  beginTest({ options: summaryTrendStats ? { summaryTrendStats } : {}, abort }, parseSettings(env, 'tiers'));
  const texts = ({ mock }: typeof abort | typeof warn) => mock.calls.map(([text]) => text as string);
  return { aborts: texts(abort), warnings: texts(warn) };
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe('at its beginning a test', () => {
  it.each<[string[] | undefined, string[]]>([
    [undefined, []],
    [['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'], []],
    [['p(99.9)', 'count', 'p(99)', 'p(95)', 'p(90)', 'max', 'med', 'min', 'avg'], []],
    [
      ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)'],
      [expect.stringMatching(/^--summary-trend-stats=avg,min.* leaves out max, count, which the report needs: /)],
    ],
  ])('with the figures %j of k6 ends in %j', (summaryTrendStats, expected) => {
    expect(begin(summaryTrendStats).aborts).toEqual(expected);
  });

  it('names the settings that it does not use', () => {
    expect(begin(undefined, { WS_TIERS: '5', WS_HOLD: '5s', WS_CONNECTIONS: '7' }).warnings).toEqual([
      'Set, but not used in this run: WS_CONNECTIONS, WS_HOLD',
    ]);
  });

  it('is silent when it uses all of them', () => {
    expect(begin(undefined, { WS_TIERS: '5' }).warnings).toEqual([]);
  });
});
