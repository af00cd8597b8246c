import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSteps } from '../servers/spoken/steps.mjs';
import { PASSED } from './cases.ts';
import { k6Command } from './k6-command.ts';
import { runScript, type ScriptResult } from './run-script.ts';
import { fileWith, folder, forThisTest, moduleOf } from './spoken.ts';

const CONNECTIONS = 20;

const SHORT = {
  WS_PROFILE: 'smoke',
  WS_CONNECTIONS: String(CONNECTIONS),
  WS_BATCH_SIZE: '20',
  WS_HOLD: '1s',
  WS_MESSAGE_INTERVAL: '300ms',
};

const USERS = new Map(Array.from({ length: CONNECTIONS }, (_, i) => [`user${i}`, `secret${i}`]));
const CSV = ['name,secret', ...[...USERS].map((row) => row.join())].join('\n');

/** A folder with the module, the one that it imports, and the users' file. */
async function userFolder(own: string): Promise<string> {
  await mkdir(own, { recursive: true });
  for (const name of ['steps', 'proof']) await copyFile(moduleOf(name), path.join(own, `${name}.ts`));
  await copyFile(await fileWith('users.csv', CSV), path.join(own, 'users.csv'));
  return own;
}

const bundle = (scenario: string) => path.resolve('dist', `${scenario}.js`);

async function expectAllIn(
  { exitCode, stdout, stderr, summary }: ScriptResult,
  server: Awaited<ReturnType<typeof startSteps>>,
) {
  expect(exitCode, `${stdout}\n${stderr}`).toBe(PASSED);
  const { entered = 0, asked = 0 } = server.counts();
  expect(entered).toBe(CONNECTIONS);
  expect(summary?.connections).toMatchObject({ ready: entered, closed: entered });
  expect(summary?.messages).toMatchObject({ sent: asked, answered: asked });
}

describe.each(['concurrent', 'multiplexed'])("a user's files for %s, the module importing another", (scenario) => {
  it('are found from where the command is typed', async () => {
    const server = await forThisTest(startSteps(USERS));
    const cwd = await userFolder(path.join(await folder(), 'my tests'));
    const files = { WS_CONVERSATION: './steps.ts', WS_USERS: 'users.csv' };
    await expectAllIn(await runScript(bundle(scenario), { ...SHORT, ...files, WS_URL: server.url }, { cwd }), server);
  });

  it.each([
    { where: 'beside the script', own: 'bundles', conversation: 'steps.ts', users: 'users.csv' },
    { where: 'in the folder above', own: '.', conversation: 'steps.ts', users: 'users.csv' },
    {
      where: 'in a folder beside the script',
      own: 'bundles/mine',
      conversation: 'mine/steps.ts',
      users: 'mine/users.csv',
    },
  ])('are found $where, without a shell that tells where it is', async ({ own, conversation, users }) => {
    const server = await forThisTest(startSteps(USERS));
    const place = await folder();
    await userFolder(path.join(place, own));
    await mkdir(path.join(place, 'bundles'), { recursive: true });
    const script = path.join(place, 'bundles', `${scenario}.js`);
    await copyFile(bundle(scenario), script);
    const env = { ...SHORT, WS_CONVERSATION: conversation, WS_USERS: users, WS_URL: server.url };
    await expectAllIn(await runScript(script, env, { cwd: '/', shell: false }), server);
  });

  it.each(['beside the bundle', 'by their absolute paths'])('travel in an archive: %s', async (how) => {
    const server = await forThisTest(startSteps(USERS));
    const place = await userFolder(await folder());
    const script = path.join(place, `${scenario}.js`);
    await copyFile(bundle(scenario), script);
    const isAbsolute = how !== 'beside the bundle';
    const named = (file: string) => (isAbsolute ? path.join(place, file) : file);
    const archive = path.join(await folder(), 'load.tar');
    const env = { ...SHORT, WS_CONVERSATION: named('steps.ts'), WS_USERS: named('users.csv'), WS_URL: server.url };
    const given = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const packed = await k6Command(['archive', ...given, '-O', archive, isAbsolute ? bundle(scenario) : script], {
      cwd: isAbsolute ? process.cwd() : place,
    });
    expect(packed.exitCode, packed.stderr).toBe(0);
    // Elsewhere there is nothing but the archive.
    await rm(place, { recursive: true });
    await expectAllIn(await runScript(archive, {}, { cwd: path.dirname(archive) }), server);
  });
});
