import { afterEach, describe, expect, it, vi } from 'vitest';
import { beginTest, lostResults } from '../../../lib/plan/begin.ts';

interface Given {
  options?: { summaryTrendStats?: string[]; systemTags?: string[] };
  unused?: string[];
  ignored?: string[];
  lost?: string | null;
  folder?: { text: string; isCertain: boolean };
  hasSecrets?: boolean;
}

const begin = ({ options = {}, unused = [], ignored = [], lost = null, folder, hasSecrets }: Given) => {
  const abort = vi.fn();
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const info = vi.spyOn(console, 'info').mockReturnValue();
  beginTest({ options, abort }, unused, ignored, lost, folder, hasSecrets);
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

  it.each<[string[] | undefined, boolean, string]>([
    [undefined, true, ''],
    [['scenario', 'group', 'check'], true, ''],
    [['scenario', 'group', 'check', 'url', 'name'], false, ''],
    [
      ['scenario', 'group', 'check', 'ip'],
      false,
      'has ip in it, with which k6 crashes as soon as a connection is refused',
    ],
    [
      ['scenario', 'group', 'check', 'url', 'name'],
      true,
      'has url and name in it, which would write the query of WS_URL into every sample',
    ],
    [['status', 'check'], false, 'leaves out scenario, group, without which k6 counts no reasons'],
    [[], false, 'leaves out scenario, group, check, without which k6 counts no reasons'],
    [
      ['ip', 'check', 'group'],
      false,
      'has ip in it, with which k6 crashes as soon as a connection is refused, and leaves out scenario, without which k6 counts no reasons',
    ],
  ])('with the system tags %j, secrets in the address: %j, is refused as: %s', (systemTags, hasSecrets, problem) => {
    const sentence = `--system-tags (or K6_SYSTEM_TAGS) ${problem}: leave it away, or write for example --system-tags=scenario,group,check,status,error_code`;
    expect(begin({ options: { ...(systemTags && { systemTags }) }, hasSecrets }).aborts).toEqual(
      problem === '' ? [] : [sentence],
    );
  });

  it.each([
    [
      { text: 'no folder', isCertain: true },
      { aborts: ['no folder'], warnings: [], infos: [] },
    ],
    [
      { text: 'no folder', isCertain: false },
      { aborts: [], warnings: ['no folder'], infos: [] },
    ],
  ])('with a problem of the folder for results, %j, ends in %j', (folder, expected) => {
    expect(begin({ folder })).toEqual(expected);
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
