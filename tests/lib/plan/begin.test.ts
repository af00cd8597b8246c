import { afterEach, describe, expect, it, vi } from 'vitest';
import { beginTest, lostResults, secretTags } from '../../../lib/plan/begin.ts';

interface Given {
  options?: { summaryTrendStats?: string[]; systemTags?: string[] };
  unused?: string[];
  ignored?: string[];
  lost?: string | null;
  folder?: { text: string; isCertain: boolean };
  secret?: string[];
}

const begin = ({ options = {}, unused = [], ignored = [], lost = null, folder, secret }: Given) => {
  const abort = vi.fn();
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const info = vi.spyOn(console, 'info').mockReturnValue();
  beginTest({ options, abort }, unused, ignored, lost, folder, secret);
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

  it.each<[string[] | undefined, string[], string]>([
    [undefined, ['url', 'name'], ''],
    [['scenario', 'group', 'check', 'subproto'], ['url', 'name'], ''],
    [['scenario', 'group', 'check', 'url', 'name'], [], ''],
    [
      ['scenario', 'group', 'check', 'ip'],
      [],
      'has ip in it, with which k6 crashes as soon as a connection is refused',
    ],
    [
      ['scenario', 'group', 'check', 'url', 'name'],
      ['url', 'name', 'subproto'],
      'has url and name in it, which would write what may be a token into every sample',
    ],
    [['status', 'check'], [], 'leaves out scenario, group, without which k6 counts no reasons'],
    [[], [], 'leaves out scenario, group, check, without which k6 counts no reasons'],
    [
      ['ip', 'check', 'group'],
      [],
      'has ip in it, with which k6 crashes as soon as a connection is refused, and leaves out scenario, without which k6 counts no reasons',
    ],
  ])('with the system tags %j, of which %j may be secret, is refused as: %s', (systemTags, secret, problem) => {
    const sentence = `--system-tags (or K6_SYSTEM_TAGS) ${problem}: leave it away, or write for example --system-tags=scenario,group,check,status,error_code`;
    expect(begin({ options: { ...(systemTags && { systemTags }) }, secret }).aborts).toEqual(
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

  it('warns of what would be a target, and is no setting', () => {
    expect(begin({ ignored: ['WS_MAX_RTT', 'WS_ID', 'WS_MIN_P95'] })).toEqual({
      aborts: [],
      warnings: ['Not judged, since there is no such setting: WS_MAX_RTT, WS_MIN_P95'],
      infos: ['Ignored, as variables of other programs: WS_ID'],
    });
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

it.each<[{ urls: string[]; subprotocol: string | null }, boolean, string[]]>([
  [{ urls: ['ws://a/'], subprotocol: null }, false, []],
  [{ urls: ['ws://a/', 'ws://b/?ticket=1'], subprotocol: null }, false, ['url', 'name']],
  [{ urls: ['ws://a/{token}'], subprotocol: null }, false, ['url', 'name']],
  [{ urls: ['ws://a/'], subprotocol: 'bearer.{token}' }, false, ['subproto']],
  [{ urls: ['ws://a/'], subprotocol: null }, true, ['url', 'name', 'subproto']],
])('of %j, a handshake() of the user’s: %j, may be secret: %j', (settings, handshakes, tags) => {
  expect(secretTags(settings, handshakes)).toEqual(tags);
});
