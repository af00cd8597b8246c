import { describe, expect, it } from 'vitest';
import type { ProcessShare } from '../../../lib/plan/segment.ts';
import { endOfTest } from '../../../lib/report/end-of-test.ts';
import type { Latency } from '../../../lib/report/summary.ts';
import { lastLine, reportText } from '../../../lib/report/text.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { targetsFor } from '../../../thresholds/targets.ts';
import { CHAT, ECHO, factsOf } from '../some-traits.ts';
import { aSummary } from './a-summary.ts';
import { type Happened, k6DataOf } from './k6-data-of.ts';

const ENV = { WS_PROFILE: 'development', WS_HOLD: '10s', WS_RESULTS_DIR: 'out' };
const WHOLE: ProcessShare = { connections: 1_000, vus: 1_001, segment: null };

const PASSING: Happened = {
  attempted: 1_000,
  established: 1_000,
  closed: 1_000,
  sent: 2_000,
  answered: 2_000,
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
  answered: 900,
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
    'ws detail: close 1011': 350,
    'ws detail: dial tcp #: connect: connection refused': 150,
    'ws detail: dial tcp #: connect: cannot assign requested address, and then some more words that nobody expected to be there': 100,
    'ws detail: HTTP 503': 40,
    'ws frame: {"event":"price","data":[#,#,#,#,#,#,#,#,#,#,#,#,#,#,#,#,#,#]} (312 characters)': 2,
    'ws target: 1 one.example.org: not established': 290,
    'ws target: 2 two.example.org:8443: dropped': 400,
    'ws age: opening 5.0': 210,
    'ws age: opening 5.1': 160,
    'ws age: opening 9.3': 30,
  },
};

/** A chat in which much goes wrong. */
const CHATTING: Happened = {
  ...FAILING,
  ready: 600,
  // k6 does not show the second by itself.
  notReady: { timeout: 60, 'wrong password': 40 },
  closed: 200,
  sent: 1_500,
  awaited: 1_400,
  requests: { history: { sent: 1_400, answered: 900, rttMs: 12.5 }, say: { sent: 100 } },
  messagesFailed: { timeout: 300, lost: 150, refused: 50 },
  pushes: 5_120,
  deliveries: { expected: 40_000, delivered: 39_000, duplicate: 12 },
  deliveryMs: -3.25,
  readyMs: 45,
  scriptErrors: 3,
  busyP95: 0.91,
  checks: {
    ...FAILING.checks,
    'ws not ready: wrong password': 40,
    'ws refused: no such room': 45,
    'ws refused: muted': 5,
    'ws push: joined': 120,
    'ws push: ticker': 5_000,
    'ws script error: TypeError: Cannot read property of undefined or null at chat.ts:12:5': 3,
    'the reply has a list': 9,
  },
};

function reportOf(
  happened: Happened,
  env: Record<string, string> = {},
  share = WHOLE,
  traits = ECHO,
): Record<string, string> {
  const settings = parseSettings({ ...ENV, ...env });
  const unused = env['WS_MIN_MESSAGE_SUCCESS'] ? ['WS_MIN_MESSAGE_SUCCESS'] : [];
  const facts = factsOf(settings, traits, { unused, users: env['WS_USERS'] ? 300 : null });
  return endOfTest('concurrent', facts, share, targetsFor(settings, traits), k6DataOf(happened));
}

const chat = (changes: Partial<Happened> = {}, env: Record<string, string> = {}) =>
  ownPart(reportOf({ ...CHATTING, ...changes }, env, WHOLE, CHAT));

/** Without k6's own metrics, which are as wide as k6 makes them. */
function ownPart(report: Record<string, string>): string {
  return (report['stdout'] as string).split('  k6 metrics\n')[0] as string;
}

// `npx vitest run --project unit -u` writes the golden files anew.
describe('the printed report', () => {
  it('of a passing run is as in the golden file', async () => {
    await expect(reportOf(PASSING)['stdout']).toMatchFileSnapshot('../../golden/report-pass.txt');
  });

  it('of a chat in which much fails is as in the golden file', async () => {
    const { stdout } = reportOf(CHATTING, { WS_USERS: 'users.csv' }, WHOLE, CHAT);
    await expect(stdout).toMatchFileSnapshot('../../golden/report-chat.txt');
  });

  it('of a failing run is as in the golden file', async () => {
    await expect(reportOf(FAILING)['stdout']).toMatchFileSnapshot('../../golden/report-fail.txt');
  });

  it.each([
    ['a passing run', PASSING, {}, WHOLE],
    ['a failing run', FAILING, {}, WHOLE],
    ['a failing chat', CHATTING, { WS_USERS: 'users.csv' }, WHOLE, CHAT],
    ['a run that measured nothing', {}, {}, WHOLE],
    ['a run whose books do not balance', { ...FAILING, closed: 9_999_999, answered: 9_999_999 }, {}, WHOLE],
    [
      'a run with several targets and execution segments',
      FAILING,
      { WS_URL: 'wss://one.example.org/a,wss://two.example.org/b,wss://three.example.org/c', WS_CONNECTIONS: '50000' },
      { connections: 1_000, vus: 1_001, segment: '123/1000:124/1000' },
    ],
  ] as [string, Happened, Record<string, string>, ProcessShare, typeof ECHO?][])('of %s fits 80 columns', (...row) => {
    const [, happened, env, share, traits] = row;
    for (const line of ownPart(reportOf(happened, env, share, traits)).split('\n')) {
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
    const text = ownPart(reportOf({ ...PASSING, closed: 300, answered: 1_900, counters: [0, 0, 700, 100] }));
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
    // Slow endpoints may take 7 s to be read before and after.
    const beside = (durationMs: number) => reportText(aSummary({ durationMs, target: [] }), 'plan', false);
    expect(beside(24_999)).not.toContain('longer');
    expect(beside(25_000)).toContain('It took 5s longer');
  });

  it('says of a longer run that the generator stood still, and nothing of a cause where k6 cut connections off', () => {
    const { generator, connections } = aSummary();
    const late: Latency = { count: 9, avg: 1, min: 0, med: 0, p90: 1, p95: 1, p99: 1, max: 34_000 };
    const stood = aSummary({ durationMs: 48_000, generator: { ...generator, lagMs: late } });
    expect(reportText(stood, 'plan', false)).toContain('It took 35s longer: the generator stood still.');
    const cut = aSummary({ durationMs: 48_000, connections: { ...connections, dropped: { interrupted: 2 } } });
    expect(reportText(cut, 'plan', false)).toMatch(/It took 35s longer\.$/m);
  });

  it('names the settings that were given and not used', () => {
    const listening = { WS_CONVERSATION: 'listen', WS_MIN_MESSAGE_SUCCESS: '0.99' };
    expect(ownPart(reportOf(PASSING, listening))).toContain(
      '  Set, but not used in this run: WS_MIN_MESSAGE_SUCCESS.\n',
    );
    expect(ownPart(reportOf(PASSING))).not.toContain('not used');
  });

  it('has advice on missing deliveries, but not in one process of several: they may be those of the others', () => {
    const whole = aSummary({ deliveries: { expected: 9, delivered: 4, missing: 5, duplicate: 0 } });
    expect(reportText(whole, 'plan', false)).toMatch(/^ {4}5 deliveries: missing\n {6}Server or the conversation/m);
    const part = { ...whole, plan: { ...whole.plan, segment: '0:1/2' } };
    expect(reportText(part, 'plan', false)).not.toContain('deliveries: missing');
  });

  it('says what a run has not shown in which nothing wants a reply', () => {
    const said = 'No request here wants a reply: only a heartbeat';
    const whole = aSummary();
    const targets = whole.targets.filter(({ metric }) => !metric.startsWith('ws_message_success'));
    expect(reportText({ ...whole, targets }, 'plan', false)).toContain(said);
    expect(reportText(whole, 'plan', false)).not.toContain(said);
    const deliveries = { expected: 9, delivered: 9, missing: 0, duplicate: 0 };
    expect(reportText({ ...whole, targets, deliveries }, 'plan', false)).not.toContain(said);
    const nobody = { ...whole.connections, established: 0 };
    expect(reportText({ ...whole, targets, connections: nobody }, 'plan', false)).not.toContain(said);
  });

  it('shows ready in the balance of a login that nobody missed', () => {
    const whole = aSummary();
    const targets = [
      ...whole.targets,
      { name: 'logins pending', metric: 'ws_ready_pending', target: '0', actual: 0, pass: true },
    ];
    const text = reportText(aSummary({ targets }), 'plan', false);
    expect(text).toContain('established 1,000 = ready 1,000 + not ready 0\n');
    expect(text).toContain('ready 1,000 = closed 1,000 + dropped 0\n');
    expect(reportText(whole, 'plan', false)).toContain('established 1,000 = closed 1,000 + dropped 0\n');
  });

  it('has the login among targets, balance, failures and times, where there is one', () => {
    const text = chat();
    expect(text).toMatch(/logins +> 95 % +85\.71 % +600 of 700$/m);
    expect(text).toContain('established 700 = ready 600 + not ready 100\n');
    expect(text).toContain('ready 600 = closed 200 + dropped 400\n');
    expect(text).toContain('60 not ready: timeout\n');
    expect(text).toContain('40 not ready: wrong password\n');
    expect(text).toMatch(/^ {4}login +45\.0 /m);
    expect(ownPart(reportOf(FAILING))).not.toMatch(/ ready |logins|^ {4}login/m);
  });

  it('has a table of the requests, where there are several kinds', () => {
    expect(chat()).toContain(
      [
        '  Requests, round trips in ms',
        '             sent   answered   failed  med   p95   p99   max',
        '    history  1,400  900        500     12.5  12.5  12.5  12.5',
        '    say      100    sent only  0',
        '',
      ].join('\n'),
    );
    expect(ownPart(reportOf(FAILING))).not.toContain('Requests');
    const never = chat({ requests: { history: { sent: 0 }, say: { sent: 100 } } });
    expect(never).toMatch(/ history {2}0 +0 +0\n/);
  });

  it('shows deliveries with what was expected, and doubles only where there were some', () => {
    expect(chat()).toContain(
      'deliveries expected 40,000 = delivered 39,000 + missing 1,000\n    12 deliveries came more than once\n',
    );
    expect(chat()).toMatch(/deliveries +>= 99 % +97\.50 % +39,000 of 40,000$/m);
    const healthy = chat({ deliveries: { expected: 7, delivered: 7 } });
    expect(healthy).toContain('expected 7 = delivered 7 + missing 0\n');
    expect(healthy).not.toContain('more than once');
  });

  it('says that clocks differ when a delivery took less than no time', () => {
    expect(chat()).toContain('! a delivery took -3.3 ms: the clocks of the processes differ\n');
    expect(chat({ deliveryMs: 0.2 })).not.toContain('clocks');
  });

  it('shows pushes by kind, the most frequent first', () => {
    expect(chat()).toContain('pushes: 5,000 ticker, 120 joined\n');
  });

  it('shows what the script threw, what the server refused with, and unexpected frames', () => {
    const text = chat();
    expect(text).toMatch(
      /Script errors:\n {6}3 x TypeError: Cannot read property of undefined or null at chat\.ts:12:5\n/,
    );
    expect(text).toMatch(/Refused with:\n {6}45 x no such room\n {6}5 x muted\n/);
    expect(text).toMatch(/Frames that were unexpected or made it throw, some of them:\n {6}2 x \{"event":"price"/);
    expect(text).toMatch(/^ FAIL [^-]*script errors/m);
  });

  it('shows no control characters of the names of checks', () => {
    const checks = { 'is \u001b[2Ja list': { passes: 1, fails: 0 } };
    expect(reportText(aSummary({ checks }), 'plan', false)).toContain('    is \\x1b[2Ja list: 1 of 1\n');
  });

  it('shows the checks of the conversation, and none of ours', () => {
    expect(chat()).toContain('  Checks of the conversation\n    the reply has a list: 0 of 9\n\n');
  });

  it('tells how many users there were', () => {
    expect(chat({}, { WS_USERS: 'users.csv' })).toContain('  300 users, each for up to 4 connections.\n');
    expect(chat({}, { WS_USERS: 'users.csv', WS_CONNECTIONS: '300' })).toContain(
      '  300 users, each connection its own.\n',
    );
    expect(chat()).not.toContain('users');
  });

  it('shows failures by address, as far as errors tell it', () => {
    const byAddress = { 'a.example.org at 10.0.0.7: dropped': 3, 'a.example.org at 10.0.0.8: not established': 40 };
    expect(reportText(aSummary({ byAddress }), 'plan', false)).toContain(
      'By address, as far as errors tell it:\n      40 x a.example.org at 10.0.0.8: not established\n      3 x a.',
    );
  });

  it('shows failures by target, and what their age tells', () => {
    const text = ownPart(reportOf(FAILING));
    expect(text).toMatch(/By target:\n {6}400 x 2 two\.example\.org:8443: dropped\n {6}290 x 1 one\.example\.org: not/);
    expect(text).toContain('! 370 of 400 connections that the other side ended went 5.0 to 5.1 s after\n');
  });

  it('ends with verdict and missed targets, after the list of k6', () => {
    const stdout = reportOf(FAILING)['stdout'] as string;
    const last = stdout.trimEnd().split('\n').at(-1);
    expect(last).toMatch(/^FAIL concurrent: missed connect success, connections held, message success, /);
    expect(stdout.indexOf('  k6 metrics')).toBeLessThan(stdout.indexOf(last as string));
    expect(lastLine(aSummary())).toBe('PASS concurrent: all targets met');
  });

  it('of a summary without counts and 99th percentiles has dashes in their place', () => {
    const connect = { count: null, avg: 1, min: 1, med: 1, p90: 1, p95: 1, p99: null, max: 1 };
    const text = reportText(aSummary({ latencyMs: { ...aSummary().latencyMs, connect } }), 'plan', false);
    expect(text).toMatch(/connect +1\.0 +1\.0 +1\.0 +1\.0 +1\.0 +- +1\.0$/m);
  });

  it('is coloured on a terminal, and only there', () => {
    const ESC = '\u001b[';
    expect(reportText(aSummary(), 'plan', true)).toContain(`${ESC}32m PASS ${ESC}0m`);
    expect(reportText(aSummary({ verdict: 'fail' }), 'plan', true)).toContain(`${ESC}31m FAIL ${ESC}0m`);
    expect(reportText(aSummary(), 'plan', false)).not.toContain(ESC);
    const settings = parseSettings(ENV);
    const targets = targetsFor(settings, ECHO);
    const stdout = (isStdOutTTY: boolean, noColor: boolean) =>
      endOfTest('concurrent', factsOf(settings), WHOLE, targets, {
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
    expect(Object.keys(report)).toEqual(['stdout', 'out/summary.json', 'out/junit.xml', 'out/report.html']);
    for (const text of Object.values(report)) expect(text).not.toContain('hunter2');
    expect(report['stdout']).toContain('wss://example.org/feed?…');
  });

  it('is all that is written without WS_RESULTS_DIR', () => {
    expect(Object.keys(reportOf(PASSING, { WS_RESULTS_DIR: '' }))).toEqual(['stdout']);
  });
});
