import { describe, expect, test } from 'vitest';
import { k6Environment } from '../../scripts/lib/k6-environment.mjs';
import { thisSystem } from '../../scripts/lib/this-system.mjs';

const run = (env: NodeJS.ProcessEnv, more: Partial<Parameters<typeof k6Environment>[0]> = {}) =>
  k6Environment({ scenario: 'multiplexed', settings: {}, folder: '/typed', platform: 'linux', env, ...more });

describe("k6's environment", () => {
  test('has the settings, what k6 and Go read, and the folder where the command was typed', () => {
    const env = {
      K6_OUT: 'json=x',
      HTTP_PROXY: 'http://a/',
      https_proxy: 'http://b/',
      no_proxy: 'c',
      SSL_CERT_FILE: '/ca.pem',
      GOMEMLIMIT: '1GiB',
      PATH: '/bin',
      HOME: '/home/me',
      NO_COLOR: '1',
    };
    expect(run({ ...env, PWD: '/package' }, { settings: { WS_HOLD: '1s', TOKEN: 'x' } })).toEqual({
      ...env,
      PWD: '/typed',
      WS_HOLD: '1s',
      TOKEN: 'x',
    });
  });

  test("has nothing else of the user's, and no WS_ variables but the settings", () => {
    const env = {
      AWS_SECRET_ACCESS_KEY: 'x',
      GOOGLE_APPLICATION_CREDENTIALS: '/key.json',
      WS_URL: ' ws://x/ ',
      npm_config_cache: '/c',
      SystemRoot: 'C:\\Windows',
      MYPATH: '/x',
    };
    expect(run(env)).toEqual({ PWD: '/typed' });
  });

  test('has what the report says of k6 and of this machine', () => {
    expect(run({}, { k6Version: '2.2.0' })).toEqual({
      PWD: '/typed',
      LOAD_TEST_K6_VERSION: '2.2.0',
      LOAD_TEST_SYSTEM: thisSystem(),
    });
  });

  test('never tells k6 to leave out the settings', () => {
    expect(run({ K6_INCLUDE_SYSTEM_ENV_VARS: 'false' })).toEqual({ PWD: '/typed' });
  });

  test('has what Windows needs, in any letters', () => {
    const env = { Path: 'C:\\bin', SystemRoot: 'C:\\Windows', TEMP: 'C:\\t', UserProfile: 'C:\\me', OneDrive: 'x' };
    const { OneDrive, ...needed } = env;
    expect(run(env, { platform: 'win32' })).toEqual({ ...needed, PWD: '/typed' });
  });
});

describe('GOGC', () => {
  test.each(['concurrent', 'storm', 'churn'])('is 50 for %s, a VU for each connection', (scenario) => {
    expect(run({}, { scenario })).toEqual({ GOGC: '50', PWD: '/typed' });
  });

  test.each(['multiplexed', 'tiers', 'capacity'])('is left alone for %s', (scenario) => {
    expect(run({}, { scenario })).not.toHaveProperty('GOGC');
  });

  test('is what the user says, in the environment or by -e', () => {
    expect(run({ GOGC: '200' }, { scenario: 'concurrent' })).toMatchObject({ GOGC: '200' });
    expect(run({}, { scenario: 'concurrent', settings: { GOGC: 'off' } })).toMatchObject({ GOGC: 'off' });
  });
});
