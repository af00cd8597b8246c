import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { PROFILE_SIZES, PROFILES } from '../../../lib/settings/settings.ts';
import { SettingsError } from '../../../lib/settings/settings-error.ts';
import { settingsTable } from '../../../lib/settings/table.ts';

function messageOf(env: Record<string, string>): string {
  try {
    parseSettings(env);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
  throw new Error('accepted');
}

describe('the settings', () => {
  it('without an environment are the documented defaults', () => {
    expect(parseSettings({})).toEqual({
      urls: ['ws://localhost:8081/'],
      profile: 'standard',
      connections: 10_000,
      batchSize: 100,
      batchDelayMs: 50,
      holdMs: 1_200_000,
      handshakeTimeoutMs: 10_000,
      conversation: 'echo',
      usersFile: null,
      readyTimeoutMs: 10_000,
      messageIntervalMs: 5_000,
      messageTimeoutMs: 5_000,
      messageSize: 64,
      subprotocol: null,
      headers: {},
      compression: false,
      ip: '4',
      socketsPerVu: 100,
      minConnectSuccess: null,
      minReady: null,
      minHeld: null,
      minMessageSuccess: null,
      maxRoundTripMs: null,
      minDelivery: 0.99,
      maxDeliveryTimeMs: null,
      maxConnectTimeMs: null,
      maxEstablishTimeMs: null,
      maxMemoryBytes: null,
      resultsDir: null,
      generatorAddress: '127.0.0.1:6565',
      targetMetrics: [],
      hostMetrics: null,
      step: null,
      stepHoldMs: 30_000,
      tiers: [1_000, 5_000, 10_000],
      tierHoldMs: 60_000,
      tierPauseMs: 10_000,
      rate: 100,
      lifetimeMs: 2_000,
      churnMs: 60_000,
      compareWith: null,
      backoff: { fromMs: 1_000, toMs: 30_000 },
      jitter: 'full',
      maxAttempts: null,
      maxRecoveryMs: 60_000,
      minAvailability: null,
      cloudProject: null,
      trace: 0,
      ignored: [],
    });
  });

  it.each([
    ['smoke', [100, 100, 50, 10_000]],
    ['development', [1_000, 50, 50, 300_000]],
    ['standard', [10_000, 100, 50, 1_200_000]],
    ['production', [50_000, 200, 50, 3_600_000]],
    ['soak', [10_000, 100, 50, 3_600_000]],
  ])('of the profile %s have its sizes: connections, batch, delay and hold', (profile, sizes) => {
    const { connections, batchSize, batchDelayMs, holdMs } = parseSettings({ WS_PROFILE: profile });
    expect([connections, batchSize, batchDelayMs, holdMs]).toEqual(sizes);
    expect(Object.keys(PROFILE_SIZES)).toEqual([...PROFILES]);
  });

  it('override single sizes of a profile', () => {
    expect(parseSettings({ WS_PROFILE: 'smoke', WS_HOLD: '1m' })).toMatchObject({ connections: 100, holdMs: 60_000 });
    expect(parseSettings({ WS_CONNECTIONS: '7', WS_BATCH_SIZE: '3', WS_BATCH_DELAY: '1s' })).toMatchObject({
      profile: 'standard',
      connections: 7,
      batchSize: 3,
      batchDelayMs: 1_000,
      holdMs: 1_200_000,
    });
  });

  it('ignore spaces around a value, empty values and names of others', () => {
    expect(parseSettings({ WS_CONNECTIONS: ' 5 ', WS_HOLD: '', WS_URL: '  ', PATH: '/bin', WSX: '1' })).toEqual({
      ...parseSettings({}),
      connections: 5,
    });
  });

  it('read each example of the table', () => {
    for (const { name, key, example } of settingsTable()) {
      expect(parseSettings({ [name]: example })[key], name).not.toBeUndefined();
    }
  });

  it('take a results folder with or without a slash at its end', () => {
    for (const folder of ['out', 'out/', 'out\\'])
      expect(parseSettings({ WS_RESULTS_DIR: folder }).resultsDir).toBe('out');
    expect(parseSettings({ WS_RESULTS_DIR: '/' }).resultsDir).toBe('/');
  });

  it.each(['localhost:6565', '127.0.0.1:1', '[::1]:6565', 'localhost:65535'])(
    'take %s as the address of the generator',
    (address) => {
      expect(parseSettings({ WS_GENERATOR_ADDRESS: address }).generatorAddress).toBe(address);
    },
  );

  it.each(['6565', 'http://localhost:6565', '::1:6565', 'localhost:', 'localhost:0', '127.0.0.1:65536', 'a@b:1'])(
    'refuse %s as the address of the generator',
    (text) => {
      expect(messageOf({ WS_GENERATOR_ADDRESS: text })).toContain('expected an address of the form host:port');
    },
  );
});

describe('wrong settings', () => {
  it('are all told at once: what was given, what is expected, an example, and a suggestion', () => {
    expect(messageOf({ WS_CONNECTIONS: 'many', WS_HOLD: '10', WS_MIN_CONNECT_SUCCESS: '95', WS_CONECTIONS: '5' })).toBe(
      [
        '4 problems with the settings:',
        '  - WS_CONECTIONS is not a setting: did you mean WS_CONNECTIONS?',
        '  - WS_CONNECTIONS="many": expected a whole number from 1 to 1000000, for example WS_CONNECTIONS=10000',
        '  - WS_HOLD="10": expected a duration from 1s to 24h, for example WS_HOLD=20m',
        '  - WS_MIN_CONNECT_SUCCESS="95": expected a share from 0 to 1, or from 0% to 100%, for example WS_MIN_CONNECT_SUCCESS=0.95',
      ].join('\n'),
    );
  });

  it('that are one problem read as one', () => {
    expect(messageOf({ WS_IP: '5' })).toBe(
      'One problem with the settings:\n  - WS_IP="5": expected one of 4, 6, any, for example WS_IP=4',
    );
  });

  it('of every name are refused under that name, with an example', () => {
    // Paths; what is there, is found out later.
    const FREE_TEXT = ['WS_CONVERSATION', 'WS_USERS', 'WS_RESULTS_DIR', 'WS_COMPARE_WITH'];
    for (const { name, example } of settingsTable()) {
      if (FREE_TEXT.includes(name)) continue;
      const message = messageOf({ [name]: '!?' });
      expect(message).toMatch(new RegExp(`^ {2}- ${name}=.*: expected .*, for example ${name}=`, 'm'));
      expect(message).toContain(`${name}=${example}`);
    }
  });

  it('never show a value that can hold a secret', () => {
    const message = messageOf({
      WS_HEADERS: '{"Authorization":"hunter2"',
      WS_URL: 'http://host/?token=hunter2',
      WS_SUBPROTOCOL: 'hunter2 x',
    });
    expect(message).not.toContain('hunter2');
    expect(message).toContain('WS_URL=(not shown: it can hold secrets): expected a ws:// or wss:// address');
    expect(message).toContain('WS_HEADERS=(not shown: it can hold secrets): expected a JSON object of strings');
    expect(messageOf({ WS_URL: 'ws://user:hunter2@host/' })).not.toContain('hunter2');
    expect(messageOf({ WS_URL: 'ws://[::1]/?token=hunter2' })).not.toContain('hunter2');
  });

  it.each([
    ['WS_URL', 'ws://h/?q={'],
    ['WS_URL', 'ws://h/?q=hunter2}'],
    ['WS_URL', 'ws://h/{},ws://i/'],
    ['WS_URL', 'ws://h/?q={hunter2'],
    ['WS_HEADERS', '{"X":"fine","Y":"hunter2{b"}'],
  ])("%s=%s has a brace that is no column's, which is told with all other problems", (name, text) => {
    const message = messageOf({ [name]: text, WS_HOLD: 'x' });
    expect(message).toMatch(/^2 problems/);
    expect(message).toContain(
      `${name}=(not shown: it can hold secrets): expected the name of a column of WS_USERS between { and }, such as {token}; a brace itself is written {{ or }}, for example ${name}=`,
    );
    expect(message).not.toContain('hunter2');
  });

  it('of an IPv6 address with the default WS_IP say what to write, beside the other problems', () => {
    const message = messageOf({ WS_URL: 'ws://[::1]:8081/', WS_HOLD: 'x' });
    expect(message).toMatch(/^2 problems/);
    expect(message).toContain('WS_URL=ws://[::1]:8081/ is an IPv6 address but WS_IP is 4: write WS_IP=6');
    expect(parseSettings({ WS_URL: 'ws://[::1]:8081/', WS_IP: '6' }).urls).toEqual(['ws://[::1]:8081/']);
  });

  it('are fewer connections than targets: a green run would say nothing of the others', () => {
    const WS_URL = 'ws://a/,ws://b/,ws://c/';
    expect(messageOf({ WS_URL, WS_CONNECTIONS: '2' })).toContain('WS_URL names 3 targets, WS_CONNECTIONS is 2: ');
    expect(parseSettings({ WS_URL, WS_CONNECTIONS: '3' }).urls).toHaveLength(3);
  });

  it('are none of another program, whose names are kept to be told', () => {
    const env = { WS_HOLD: '5s', WS_PORT_8080_TCP: 'tcp://10.0.0.1:8080', WS_NO_BUFFER_UTIL: '1', ws_of_another: 'x' };
    expect(parseSettings(env).ignored).toEqual(['WS_PORT_8080_TCP', 'WS_NO_BUFFER_UTIL']);
  });
});
