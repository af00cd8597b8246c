import { describe, expect, it } from 'vitest';
import type { ProcessShare } from '../../../lib/plan/segment.ts';
import { endOfTest } from '../../../lib/report/end-of-test.ts';
import { reportText } from '../../../lib/report/text.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { targetsFor } from '../../../thresholds/targets.ts';
import { aSummary } from './a-summary.ts';
import { type Happened, k6DataOf } from './k6-data-of.ts';

const ENV = { WS_PROFILE: 'development', WS_HOLD: '10s', WS_RESULTS_DIR: 'out' };
const WHOLE: ProcessShare = { connections: 1_000, vus: 1_001, segment: null };

const PASSING: Happened = {
  attempted: 1_000,
  established: 1_000,
  closed: 1_000,
  sent: 2_000,
  replied: 2_000,
  connectMs: 12.5,
  establishMs: 1_020,
  rttMs: 0.75,
  lag: { p95: 2, max: 9 },
  memoryBytes: 182e6,
};

/** All that can go wrong at once, with long numbers: the widest report. */
const FAILING: Happened = {
  unattempted: 10,
  attempted: 990,
  established: 700,
  failed: { refused: 150, ports_exhausted: 100, http_5xx: 40 },
  closed: 300,
  dropped: { server_close: 350, reset: 50 },
  sent: 1_400,
  replied: 900,
  messagesFailed: { timeout: 300, lost: 200 },
  unexpected: 1_234,
  counters: [10, 0, 0, 0],
  connectMs: 12_345,
  establishMs: 7_000,
  rttMs: 1_234.5,
  rttCount: 450,
  lag: { p95: 150, max: 2_500 },
  memoryBytes: 600e6,
  checks: {
    'close 1011': 350,
    'dial tcp #: connect: connection refused': 150,
    'dial tcp #: connect: cannot assign requested address, and then some more words that nobody expected to be there': 100,
    'HTTP 503': 40,
  },
};

function reportOf(happened: Happened, env: Record<string, string> = {}, share = WHOLE): Record<string, string> {
  const settings = parseSettings({ ...ENV, ...env });
  return endOfTest('concurrent', settings, share, targetsFor(settings), k6DataOf(happened));
}

/** Without k6's own metrics, which are as wide as k6 makes them. */
function ownPart(report: Record<string, string>): string {
  return (report['stdout'] as string).split('  k6 metrics\n')[0] as string;
}

// `npx vitest run --project unit -u` writes the golden files anew.
describe('the printed report', () => {
  it('of a passing run is as in the golden file', async () => {
    await expect(reportOf(PASSING)['stdout']).toMatchFileSnapshot('../../golden/report-pass.txt');
  });

  it('of a failing run is as in the golden file', async () => {
    await expect(reportOf(FAILING)['stdout']).toMatchFileSnapshot('../../golden/report-fail.txt');
  });

  it.each([
    ['a passing run', PASSING, {}, WHOLE],
    ['a failing run', FAILING, {}, WHOLE],
    ['a run that measured nothing', {}, {}, WHOLE],
    ['a run whose books do not balance', { ...FAILING, closed: 9_999_999, replied: 9_999_999 }, {}, WHOLE],
    [
      'a run with several targets and execution segments',
      FAILING,
      { WS_URL: 'wss://one.example.org/a,wss://two.example.org/b,wss://three.example.org/c', WS_CONNECTIONS: '50000' },
      { connections: 1_000, vus: 1_001, segment: '123/1000:124/1000' },
    ],
  ])('of %s fits 80 columns', (_, happened, env, share) => {
    for (const line of ownPart(reportOf(happened, env, share)).split('\n')) {
      expect([...line].length, line).toBeLessThanOrEqual(80);
    }
  });

  it('of a run without memory says that it is not judged, and how to have it measured', () => {
    const { memoryBytes: _, ...unmeasured } = PASSING;
    const text = ownPart(reportOf(unmeasured));
    expect(text).toMatch(/^ PASS {2}concurrent: all judged targets met; generator memory not judged$/m);
    expect(text).toMatch(/^ {4}- {2}generator memory .*nothing measured/m);
    expect(text).toContain('memory not measured: add --address 127.0.0.1:6565 --profiling-enabled\n');
    expect(text).toContain('(with another address set WS_GENERATOR_ADDRESS to it, too)\n');
  });

  it('names each missed target, and of the balance only what is missed', () => {
    const text = ownPart(reportOf(FAILING));
    expect(text).toMatch(/^ FAIL {2}concurrent: missed connect success, connections held, message success,/m);
    expect(text).toContain('never attempted');
    expect(text).not.toContain('connects pending');
  });

  it('counts what was cut off with the run neither for a rate nor against it', () => {
    const text = ownPart(reportOf({ ...PASSING, closed: 300, replied: 1_900, counters: [0, 0, 700, 100] }));
    expect(text).toMatch(/connections held .* 100\.00 % +300 of 300$/m);
    expect(text).toMatch(/message success .* 100\.00 % +1,900 of 1,900$/m);
    expect(text).toMatch(/^ FAIL .*missed connections open, messages pending$/m);
  });

  it('of books that do not balance fails, and says which', () => {
    const report = reportOf({ ...PASSING, closed: 1_001 });
    expect(ownPart(report)).toMatch(/^ FAIL .*the books do not balance$/m);
    expect(ownPart(report)).toContain('THE BOOKS DO NOT BALANCE');
    expect(ownPart(report)).toContain('! 1 more outcomes than established connections');
    expect(JSON.parse(report['out/summary.json'] as string)).toMatchObject({ verdict: 'fail', balanced: false });
  });

  it('tells which share of the round trips was kept', () => {
    expect(ownPart(reportOf(FAILING))).toContain('round trips: 50.0 % of the replies kept, chosen at random');
    expect(ownPart(reportOf(PASSING))).not.toContain('kept');
  });

  it('says that the run took longer than planned only when it did by 5 s', () => {
    const text = (durationMs: number) => reportText(aSummary({ durationMs }), 'plan', false);
    expect(text(17_999)).not.toContain('longer');
    expect(text(18_000)).toContain('It took 5s longer: k6 waited for unfinished handshakes or replies.');
  });

  it('names the settings that were given and not used', () => {
    const listening = { WS_PROTOCOL: 'listen', WS_MIN_MESSAGE_SUCCESS: '0.99' };
    expect(ownPart(reportOf(PASSING, listening))).toContain(
      '  Set, but not used in this run: WS_MIN_MESSAGE_SUCCESS.\n',
    );
    expect(ownPart(reportOf(PASSING))).not.toContain('not used');
  });

  it('is coloured on a terminal, and only there', () => {
    const ESC = '\u001b[';
    expect(reportText(aSummary(), 'plan', true)).toContain(`${ESC}32m PASS ${ESC}0m`);
    expect(reportText(aSummary({ verdict: 'fail' }), 'plan', true)).toContain(`${ESC}31m FAIL ${ESC}0m`);
    expect(reportText(aSummary(), 'plan', false)).not.toContain(ESC);
    const settings = parseSettings(ENV);
    const targets = targetsFor(settings);
    const stdout = (isStdOutTTY: boolean, noColor: boolean) =>
      endOfTest('concurrent', settings, WHOLE, targets, {
        ...k6DataOf(PASSING),
        options: { noColor },
        state: { isStdOutTTY },
      })['stdout'];
    expect(stdout(true, false)).toContain(ESC);
    expect(stdout(true, true)).not.toContain(ESC);
    expect(stdout(false, false)).not.toContain(ESC);
  });

  it('shows ten texts behind the reasons, the most frequent first, and how many more there are', () => {
    const details = Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`text ${i}`, i + 1]));
    const text = reportText(aSummary({ details }), 'plan', false);
    expect(text).toMatch(/As they read:\n {6}13 x text 12\n {6}12 x text 11\n/);
    expect(text).not.toContain('text 2\n');
    expect(text).toContain('and 3 more texts');
  });

  it('shows no secret, nor do the files beside it', () => {
    const report = reportOf(FAILING, {
      WS_URL: 'wss://example.org/feed?token=hunter2',
      WS_HEADERS: '{"Authorization":"Bearer hunter2"}',
    });
    expect(Object.keys(report)).toEqual(['stdout', 'out/summary.json', 'out/junit.xml']);
    for (const text of Object.values(report)) expect(text).not.toContain('hunter2');
    expect(report['stdout']).toContain('wss://example.org/feed?…');
  });

  it('is all that is written without WS_RESULTS_DIR', () => {
    expect(Object.keys(reportOf(PASSING, { WS_RESULTS_DIR: '' }))).toEqual(['stdout']);
  });
});
