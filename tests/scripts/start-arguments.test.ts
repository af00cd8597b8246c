import { describe, expect, test } from 'vitest';
import { demoSettings } from '../../scripts/lib/demo.mjs';
import { parseStartArguments } from '../../scripts/lib/start-arguments.mjs';

const SCENARIOS = ['concurrent', 'multiplexed', 'storm'];
const parse = (args: string[], env: Record<string, string> = {}) => parseStartArguments(args, SCENARIOS, env);

describe('parseStartArguments', () => {
  test('nothing given is the scenario concurrent', () => {
    expect(parse([])).toEqual({
      scenario: 'concurrent',
      settings: {},
      apiAddress: undefined,
      hasDashboard: false,
      conversation: undefined,
      processes: 1,
      k6Args: [],
    });
  });

  test('every way in which k6 takes a variable', () => {
    const args = ['-e', 'WS_A=1', '-eWS_B=a=b', '--env', 'WS_C=', '--env=WS_D=two words'];
    expect(parse(args).settings).toEqual({ WS_A: '1', WS_B: 'a=b', WS_D: 'two words' });
  });

  test('the scenario may stand before or after the settings; the rest goes to k6', () => {
    const rest = ['--out', 'json=x.json', '--execution-segment', '0:1/2'];
    for (const args of [
      ['storm', '-e', 'WS_A=1', ...rest],
      ['-e', 'WS_A=1', 'storm', ...rest],
    ]) {
      expect(parse(args)).toMatchObject({ scenario: 'storm', settings: { WS_A: '1' }, k6Args: rest });
    }
    expect(parse(rest)).toMatchObject({ scenario: 'concurrent', k6Args: rest });
  });

  test('WS_ variables of the environment count, and -e wins over them', () => {
    const env = { WS_HOLD: '5s', WS_CONNECTIONS: '7', K6_OUT: 'json', HOME: '/root' };
    expect(parse(['-e', 'WS_HOLD=9s'], env).settings).toEqual({ WS_HOLD: '9s', WS_CONNECTIONS: '7' });
  });

  test('an empty setting counts as not set, and one in other letters is handed on to be refused', () => {
    const env = { WS_URL: '', WS_PROFILE: ' ', WS_HOLD: '5s', WS_RESULTS_DIR: ' x ', ws_rate: '7' };
    expect(parse(['-e', 'WS_HOLD='], env).settings).toEqual({ WS_RESULTS_DIR: 'x', ws_rate: '7' });
  });

  test.each([
    ['ws://x/?token=hunter2'],
    ['ws://user:hunter2@x/'],
    ['ws://user:a/hunter2@x/'],
    ['ws://x/#token=hunter2'],
    ['-e', 'ws://x/?token=hunter2'],
    ['-e', 'ws://user:hunter2@x/'],
  ])('%s %s is an error that shows no secret', (...args) => {
    const given = args.filter((arg) => arg !== undefined);
    expect(() => parse(given)).toThrow(/ws:\/\/…?x?/);
    expect(() => parse(given)).not.toThrow(/hunter2/);
  });

  test.each([[['--address', '127.0.0.1:7']], [['-a', '127.0.0.1:7']], [['--address=127.0.0.1:7']]])(
    '%j is where k6 listens',
    (args) => {
      expect(parse(args)).toMatchObject({ apiAddress: '127.0.0.1:7', k6Args: args });
    },
  );

  test('K6_ADDRESS is where k6 listens too, and --address wins over it', () => {
    const env = { K6_ADDRESS: '127.0.0.1:8' };
    expect(parse([], env)).toMatchObject({ apiAddress: '127.0.0.1:8' });
    expect(parse(['--address', '127.0.0.1:7'], env)).toMatchObject({ apiAddress: '127.0.0.1:7' });
    expect(parse([], { K6_ADDRESS: '' }).apiAddress).toBeUndefined();
  });

  test('what is for npm start itself does not go to k6, nor what would keep the settings from it', () => {
    for (const conversation of [['--conversation', 'chat'], ['--conversation=chat']]) {
      const args = ['--dashboard', ...conversation, '--include-system-env-vars=false', '--quiet'];
      expect(parse(args)).toMatchObject({ hasDashboard: true, conversation: 'chat', k6Args: ['--quiet'] });
    }
    expect(parse(['--conversation'])).toMatchObject({ conversation: '' });
    expect(parse(['--conversation', 'chat'])).toMatchObject({ scenario: 'multiplexed' });
    expect(parse(['concurrent', '--conversation', 'chat'])).toMatchObject({ scenario: 'concurrent' });
  });

  test.each([
    [['multiplexed', '--processes', '4', '-e', 'WS_A=1', '--quiet']],
    [['--processes=4', 'multiplexed', '-eWS_A=1', '--quiet']],
    [['--', '--processes', '2', '--processes', '4', 'multiplexed', '-e', 'WS_A=1', '--quiet']],
  ])('%j is four processes, wherever it stands', (args) => {
    expect(parse(args)).toMatchObject({
      scenario: 'multiplexed',
      processes: 4,
      settings: { WS_A: '1' },
      k6Args: ['--quiet'],
    });
  });

  test.each([[['--processes']], [['--processes', '0']], [['--processes=65']], [['--processes', '-e']]])(
    '%j is an error that shows how',
    (args) => {
      expect(() => parse(args)).toThrow(
        /^--processes takes a whole number from 1 to 64, got .+ Example: npm start -- /,
      );
    },
  );

  test('a second -- is passed over: some shells lose the first', () => {
    expect(parse(['--', 'storm', '-e', 'WS_A=1'])).toMatchObject({ scenario: 'storm', settings: { WS_A: '1' } });
  });

  test('an unknown scenario is an error that lists those there are', () => {
    expect(() => parse(['strom'])).toThrow(
      'There is no scenario "strom"; there are: concurrent, multiplexed, storm. Example: npm start -- concurrent -e WS_HOLD=30s',
    );
  });

  test.each([
    [['multiplexed', 'concurrent'], 'concurrent', 'multiplexed'],
    [['storm', '-e', 'WS_A=1', '--out', 'json=x', 'smoke'], 'smoke', 'storm'],
    [['storm', '--quiet', '--tag', 'a=b', 'ws://x/?token=hunter2'], 'ws://x/?…', 'storm'],
  ])('%j has a word too many, which is named', (args, word, scenario) => {
    expect(() => parse(args)).toThrow(
      `Expected one scenario and options, got the word "${word}" besides, which belongs to none. Example: npm start -- ${scenario} -e WS_HOLD=30s`,
    );
  });

  test.each([
    [['storm', '-e', 'WS_HEADERS={Authorization:Bearer', 'hunter2}'], 'one scenario and options', '-e WS_HEADERS=…'],
    [['storm', '-eWS_HEADERS={Authorization:Bearer', 'hunter', '2}'], 'one scenario and options', '-e WS_HEADERS=…'],
    // Behind a setting it is no value of the option in front of that.
    [['--quiet', '-e', 'WS_HEADERS={A:Bearer', 'hunter2}'], 'one scenario and options', '-e WS_HEADERS=…'],
    [['-e', 'WS_HEADERS={Authorization:Bearer', 'hunter2}'], 'a scenario', '-e WS_HEADERS=…'],
    [['-e', 'hunter2==', 'hunter2'], 'a scenario', '-e NAME=…'],
    [['storm', '--tag', 'a=b', '{hunter2}'], 'one scenario and options', '--tag'],
  ])('%j has the rest of a value, which is not shown, but where it stands', (args, expected, before) => {
    expect(() => parse(args)).toThrow(`Expected ${expected}, got something else behind ${before} (not shown: `);
    expect(() => parse(args)).not.toThrow(/hunter/);
  });

  test('a scenario with typing errors is named behind a setting, too', () => {
    for (const word of ['multiplex', 'strom', 'concurent'])
      expect(() => parse(['-e', 'WS_HOLD=5s', word])).toThrow(`There is no scenario "${word}"; there are: `);
  });

  test('--dashboard with a value is an error that shows how', () => {
    expect(() => parse(['--dashboard=yes'])).toThrow(
      '--dashboard takes no value, got "yes". Example: npm start -- --dashboard',
    );
  });

  test.each([
    [['-e'], 'got nothing'],
    [['-e', 'WS_HOLD'], 'got "WS_HOLD"'],
    [['--env', '=5'], 'got something else at the beginning (not shown: '],
    [
      ['-e', 'WS_URL=ws://x/', '-e', '{"Authorization":"Bearer hunter2"}'],
      'got something else behind -e WS_URL=… (not shown: ',
    ],
    [['-e', 'Authorization: hunter2=='], 'got something else at the beginning (not shown: '],
    [['-e', 'WS-HEADERS={"X":"hunter2"}'], 'got "WS-HEADERS=…", whose name has more than letters, digits and _'],
  ])('%j is an error that shows how', (args, got) => {
    expect(() => parse(args)).toThrow(`-e takes NAME=value, ${got}`);
    expect(() => parse(args)).toThrow(/\. Example: npm start -- -e WS_CONNECTIONS=500$/);
    expect(() => parse(args)).not.toThrow(/hunter2/);
  });
});

describe('demoSettings', () => {
  const generatorAddress = '127.0.0.1:6565';
  const targetUrl = 'ws://127.0.0.1:8081/';

  test('against the target server the sizes are those of the demo', () => {
    expect(demoSettings('concurrent', {}, { generatorAddress, targetUrl })).toEqual({
      WS_URL: targetUrl,
      WS_TARGET_METRICS: 'http://127.0.0.1:8081/metrics',
      WS_CONNECTIONS: '1000',
      WS_HOLD: '15s',
      WS_MESSAGE_INTERVAL: '2s',
      WS_GENERATOR_ADDRESS: generatorAddress,
    });
  });

  test.each([
    ['tiers', { WS_TIERS: '100,300,600', WS_TIER_HOLD: '3s' }],
    ['storm', { WS_CONNECTIONS: '1000', WS_HOLD: '5s' }],
    ['capacity', { WS_CONNECTIONS: '1000', WS_STEP: '250' }],
    ['churn', { WS_RATE: '100', WS_CHURN: '15s' }],
    ['reconnect', { WS_CONNECTIONS: '1000', WS_HOLD: '25s', WS_BACKOFF: '500ms..5s' }],
  ])('%s has sizes of its own', (scenario, sizes) => {
    expect(demoSettings(scenario, {}, { generatorAddress, targetUrl })).toMatchObject(sizes);
  });

  test('what is given wins', () => {
    const given = { WS_HOLD: '1m', WS_GENERATOR_ADDRESS: '127.0.0.1:1' };
    expect(demoSettings('concurrent', given, { generatorAddress, targetUrl })).toMatchObject({
      ...given,
      WS_CONNECTIONS: '1000',
    });
  });

  test('a profile decides the sizes alone', () => {
    expect(demoSettings('concurrent', { WS_PROFILE: 'smoke' }, { generatorAddress, targetUrl })).toEqual({
      WS_PROFILE: 'smoke',
      WS_URL: targetUrl,
      WS_TARGET_METRICS: 'http://127.0.0.1:8081/metrics',
      WS_GENERATOR_ADDRESS: generatorAddress,
    });
  });

  test("against one's own server nothing is added but where memory is measured", () => {
    const given = { WS_URL: 'ws://example.test/' };
    expect(demoSettings('concurrent', given, { generatorAddress })).toEqual({
      ...given,
      WS_GENERATOR_ADDRESS: generatorAddress,
    });
  });

  test('of several servers each tells its own figures', () => {
    const several = 'ws://127.0.0.1:1/,ws://127.0.0.1:2/';
    expect(demoSettings('concurrent', {}, { generatorAddress, targetUrl: several })['WS_TARGET_METRICS']).toBe(
      'http://127.0.0.1:1/metrics,http://127.0.0.1:2/metrics',
    );
  });

  test('the figures of the host are read where they are served, unless others are given', () => {
    const hostMetrics = 'http://127.0.0.1:1/metrics';
    expect(demoSettings('concurrent', {}, { generatorAddress, hostMetrics })['WS_HOST_METRICS']).toBe(hostMetrics);
    const given = { WS_HOST_METRICS: 'http://127.0.0.1:2/metrics', WS_TARGET_METRICS: 'http://127.0.0.1:3/metrics' };
    expect(demoSettings('concurrent', given, { generatorAddress, hostMetrics, targetUrl })).toMatchObject(given);
  });

  test("a demo's conversation and users are added, and one's own users win", () => {
    const demo = { generatorAddress, targetUrl, conversation: '/p/chat.ts', users: '/p/users.csv' };
    expect(demoSettings('concurrent', {}, demo)).toMatchObject({
      WS_CONNECTIONS: '1000',
      WS_CONVERSATION: '/p/chat.ts',
      WS_USERS: '/p/users.csv',
    });
    expect(demoSettings('concurrent', { WS_USERS: '/mine.csv' }, demo)).toMatchObject({ WS_USERS: '/mine.csv' });
  });

  test('a scenario without sizes of its own gets the usual ones', () => {
    expect(demoSettings('another', {}, { generatorAddress, targetUrl })).toMatchObject({ WS_CONNECTIONS: '1000' });
  });
});
