import { afterEach, describe, expect, it, vi } from 'vitest';
import { beginTest, lostResults } from '../../../lib/plan/begin.ts';

interface Given {
  options?: { summaryTrendStats?: string[]; systemTags?: string[] };
  unused?: string[];
  ignored?: string[];
  lost?: string | null;
}

const begin = ({ options = {}, unused = [], ignored = [], lost = null }: Given) => {
  const abort = vi.fn();
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const info = vi.spyOn(console, 'info').mockReturnValue();
  beginTest({ options, abort }, unused, ignored, lost);
  const texts = ({ mock }: { mock: { calls: unknown[][] } }) => mock.calls.map(([text]) => text as string);
  return { aborts: texts(abort), warnings: texts(warn), infos: texts(info) };
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
    expect(begin({ options: { ...(summaryTrendStats && { summaryTrendStats }) } }).aborts).toEqual(expected);
  });

  it.each<[string[] | undefined, string[]]>([
    [undefined, []],
    [['scenario', 'group', 'check'], []],
    [
      ['scenario', 'ip'],
      [
        '--system-tags (or K6_SYSTEM_TAGS) has ip in it, with which k6 crashes as soon as a connection is refused: leave it out, for example --system-tags=scenario,group,check,status,error_code',
      ],
    ],
  ])('with the system tags %j ends in %j', (systemTags, expected) => {
    expect(begin({ options: { ...(systemTags && { systemTags }) } }).aborts).toEqual(expected);
  });

  it('names the settings that it does not use, and what belongs to other programs', () => {
    expect(begin({ unused: ['WS_CONNECTIONS', 'WS_HOLD'] }).warnings).toEqual([
      'Set, but not used in this run: WS_CONNECTIONS, WS_HOLD',
    ]);
    expect(begin({ ignored: ['WS_NO_BUFFER_UTIL'] }).infos).toEqual([
      'Ignored, as variables of other programs: WS_NO_BUFFER_UTIL',
    ]);
  });

  it('warns of results that will be lost', () => {
    expect(begin({ lost: 'no results' }).warnings).toEqual(['no results']);
  });

  it('is silent when there is nothing to say', () => {
    expect(begin({})).toEqual({ aborts: [], warnings: [], infos: [] });
  });
});

describe('results are lost', () => {
  it('where k6 was told to make no summary, and files were asked for', () => {
    expect(lostResults('out', { K6_SUMMARY_MODE: 'disabled' })).toBe(
      'K6_SUMMARY_MODE=disabled: there will be no report, and no summary.json and junit.xml in WS_RESULTS_DIR="out"; for all of them set it to compact',
    );
  });

  it.each<[string | null, Record<string, string>]>([
    ['out', {}],
    ['out', { K6_SUMMARY_MODE: 'full' }],
    [null, { K6_SUMMARY_MODE: 'disabled' }],
  ])('but not of %j with %j', (resultsDir, env) => {
    expect(lostResults(resultsDir, env)).toBeNull();
  });
});
