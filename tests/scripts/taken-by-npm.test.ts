import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeTaken, takenByNpm } from '../../scripts/lib/taken-by-npm.mjs';
import { temporaryFolder } from './fakes.ts';

/** The environment that npm 10.8.2 and 11.19.1 give `npm start`, with a log that begins as theirs does. */
function npm(words: string[], { agoMs = 500, env = {} as NodeJS.ProcessEnv, cache = '' } = {}) {
  const folder = cache || temporaryFolder();
  mkdirSync(path.join(folder, '_logs'), { recursive: true });
  const began = new Date(Date.now() - agoMs).toISOString().replace(/[:.]/g, '_');
  const lines = [
    '0 verbose cli /usr/bin/node /usr/lib/node_modules/npm/bin/npm-cli.js',
    '1 info using npm@10.8.2',
    '2 warn invalid config before="WS_CONNECTIONS=20" set in command line options',
    '3 verbose title npm start',
    `4 verbose argv ${words.map((word) => JSON.stringify(word)).join(' ')}`,
  ];
  writeFileSync(path.join(folder, '_logs', `${began}-debug-0.log`), `${lines.join('\n')}\n`);
  return { npm_lifecycle_event: 'start', npm_config_cache: folder, ...env };
}

describe('what npm took', () => {
  test('of -e, which it takes for its --enjoy-by, is in its log', () => {
    const words = ['start', '--before', 'WS_URL=ws://x/?token=hunter2', '--before', 'WS_CONNECTIONS=20'];
    expect(takenByNpm(npm(words))).toEqual(['-e WS_URL=…', '-e WS_CONNECTIONS=…']);
  });

  test('is nothing where the -- came through', () => {
    expect(takenByNpm(npm(['start', '--', '-e', 'WS_URL=ws://x/', '--dashboard']))).toEqual([]);
    expect(takenByNpm(npm(['start']))).toEqual([]);
    expect(takenByNpm(npm(['run', 'start', '--silent', '--', '-e', 'WS_HOLD=1s']))).toEqual([]);
  });

  test("is noticed of npm exec too, which runs the package's command and calls itself npx", () => {
    const npx = (words: string[]) => ({ ...npm(words), npm_lifecycle_event: 'npx' });
    expect(takenByNpm(npx(['exec', 'k6-websocket-concurrency', '--before', 'WS_HOLD=1s']))).toEqual(['-e WS_HOLD=…']);
    expect(takenByNpm(npx(['exec', '--', 'k6-websocket-concurrency', '-e', 'WS_HOLD=1s']))).toEqual([]);
  });

  test('is what its own log says, the newest, and only if that is of this script', () => {
    const wrong = npm(['start', '--before', 'WS_HOLD=1s'], { agoMs: 9_000 });
    const cache = wrong.npm_config_cache;
    expect(takenByNpm(wrong)).toHaveLength(1);
    expect(takenByNpm(npm(['start'], { cache }))).toEqual([]);
    expect(takenByNpm({ ...npm(['install', '--before', 'WS_HOLD=1s']), npm_lifecycle_event: 'start' })).toEqual([]);
  });

  test('is not what the log of an earlier npm says, where this one writes none', () => {
    expect(takenByNpm(npm(['start', '--before', 'WS_HOLD=1s'], { agoMs: 3_600_000 }))).toEqual([]);
  });

  test.each([
    [{ npm_config_dashboard: 'true' }, ['--dashboard']],
    [{ npm_config_conversation: 'true', npm_config_out: 'json=x' }, ['--conversation', '--out']],
    [{ npm_config_env: 'true' }, ['-e NAME=…']],
    [{ npm_config_e: 'WS_HOLD=1s' }, ['-e NAME=…']],
    [{ npm_config_ews_hold: '30s' }, ['-e WS_HOLD=…']],
    // npm's own, as .npmrc may have them.
    [{ npm_config_tag: 'next', npm_config_loglevel: 'silent', npm_config_registry: 'http://x/' }, []],
  ])('%o in the environment is %j', (env, taken) => {
    expect(takenByNpm(npm(['start'], { env }))).toEqual(taken);
  });

  test('is nothing without npm, or without its log', () => {
    expect(takenByNpm({ npm_config_dashboard: 'true' })).toEqual([]);
    expect(
      takenByNpm({ npm_lifecycle_event: 'start', npm_config_cache: path.join(temporaryFolder(), 'none') }),
    ).toEqual([]);
    expect(takenByNpm({ npm_lifecycle_event: 'start' })).toEqual([]);
  });

  test('is looked for where the user keeps the logs of npm', () => {
    const { npm_config_cache: cache, ...env } = npm(['start', '--env=WS_HOLD=1s']);
    expect(takenByNpm({ ...env, npm_config_logs_dir: path.join(cache, '_logs') })).toEqual(['-e WS_HOLD=…']);
  });
});

test('the refusal has the line to type, in a form that every shell passes on', () => {
  const text = describeTaken(['-e WS_URL=…', '--dashboard']);
  expect(text).toContain('npm took -e WS_URL=… --dashboard for itself');
  expect(text).toContain('\n  node scripts/start.mjs -e WS_URL=… --dashboard\n');
  expect(text).toContain('npm start -- -- -e NAME=value');
});
