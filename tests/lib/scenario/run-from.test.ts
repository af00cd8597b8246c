import { expect, it } from 'vitest';
import { type Loaded, loadLean } from '../../../lib/conversation/load.ts';
import { envOf, type Run, runOf } from '../../../lib/plan/run.ts';
import { runFrom } from '../../../lib/scenario/run-from.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';

const { traits } = loadLean('echo') as Loaded;

it.each([
  {},
  { WS_URL: 'ws://h/?token={token}', WS_USERS: 'users.csv', WS_COMPRESSION: 'true', WS_TRACE: '3' },
  { WS_CONNECTIONS: '7', WS_MESSAGE_SIZE: '40', WS_MESSAGE_INTERVAL: '10ms', WS_READY_TIMEOUT: '1m' },
])('a VU reads the run as it was written: %j', (env) => {
  const run = runOf(parseSettings(env), 10, traits);
  expect(runFrom(envOf(run))).toEqual(run);
});

it('each field makes the journey, none has the value of another', () => {
  const run = runOf(parseSettings({}), 10, traits) as unknown as Record<string, unknown>;
  for (const [i, [name, value]] of Object.entries(run).entries()) {
    if (typeof value === 'number') run[name] = i + 0.25;
    else if (typeof value === 'boolean') run[name] = true;
    else if (name === 'steps') run[name] = { size: 1, eachMs: 2, fromMs: 3, toMs: 4, endMs: 5 };
    else run[name] = `text ${i}`;
  }
  expect(runFrom(envOf(run as unknown as Run))).toEqual(run);
});

it('without a plan there is none', () => {
  expect(runFrom({})).toBeNull();
});
