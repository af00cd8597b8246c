import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bareClone } from './bare-clone.ts';
import { ROOT } from './fakes.ts';

const WS = JSON.stringify(path.join(ROOT, 'node_modules', 'ws'));

/** A k6 that opens one connection, has one message echoed, and misses a target. */
const ONE_MESSAGE = `
const { WebSocket } = require(${WS});
console.log('args ' + JSON.stringify(args));
const client = new WebSocket(variable('WS_URL'));
client.on('open', () => client.send('x'));
client.on('message', () => client.close(1000));
client.on('close', () => { console.log('the report'); process.exitCode = 99; });`;

/** A k6 that holds one connection until it is interrupted. */
const HOLD = `
const { WebSocket } = require(${WS});
new WebSocket(variable('WS_URL')).on('open', () => console.log('holding ' + variable('WS_URL')));
process.on('SIGINT', () => { console.log('the report'); process.exit(105); });`;

const ARGS = `console.log('args ' + JSON.stringify(args));`;
const argsIn = (stdout: string): string[] => JSON.parse(/^args (.+)$/m.exec(stdout)?.[1] as string);

describe.skipIf(process.platform === 'win32')('npm start', () => {
  test('shows the run live and leaves report.html when asked for', async () => {
    const clone = bareClone(ONE_MESSAGE);
    const run = clone.start('start.mjs', ['--dashboard', '-e', 'WS_RESULTS_DIR=results here']);
    expect(await run.ended).toBe(99);
    const args = argsIn(run.output.stdout);
    const port = /Live view: http:\/\/127\.0\.0\.1:(\d+)\//.exec(run.output.stderr)?.[1];
    expect(args[args.indexOf('--out') + 1]).toBe(
      `web-dashboard=host=127.0.0.1&port=${port}&period=2s&tag=reason&export=results%20here%2Freport.html`,
    );
    expect(args).not.toContain('--dashboard');
  });

  test('goes from a bare clone to the report, with what the server counted and the exit code of k6', async () => {
    const clone = bareClone(ONE_MESSAGE);
    const run = clone.start('start.mjs');
    expect(await run.ended).toBe(99);
    expect(run.output.stderr).toMatch(
      /^Installing the npm packages \(npm ci\): they are not there yet\.\nran npm ci .+\nUsing k6 v2\.2\.0: .+\nBuilding .+\nran build\nTarget server: ws:.+\nTo watch a run live in a browser: npm start -- --dashboard\n$/,
    );
    expect(run.output.stdout).toMatch(
      /^args .+\nthe report\n\nThe target server counted 1 connection accepted, 1 open at one time, 0 refused, 0 still open;\n1 message received, 1 answered\.\n$/,
    );
    const args = argsIn(run.output.stdout);
    const address = args[args.indexOf('--address') + 1];
    expect(args.slice(0, 5)).toEqual([
      'run',
      '--address',
      expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      '--profiling-enabled',
      '--include-system-env-vars=false',
    ]);
    expect(args).toEqual(expect.arrayContaining(['WS_CONNECTIONS=1000', `WS_GENERATOR_ADDRESS=${address}`]));
    expect(args.at(-1)).toBe(path.join(clone.root, 'dist', 'concurrent.js'));

    const again = clone.start('start.mjs');
    expect(await again.ended).toBe(99);
    expect(again.output.stderr).not.toContain('npm ci');
  });

  test('names a results folder that cannot be made, before k6 runs', async () => {
    const run = bareClone(ARGS).start('start.mjs', ['-e', 'WS_RESULTS_DIR=package.json/results']);
    expect(await run.ended).toBe(2);
    expect(run.output.stdout).toBe('');
    expect(run.output.stderr).toContain(
      'WS_RESULTS_DIR=package.json/results: expected a folder that is there or can be made (ENOTDIR). Example: ',
    );
  });

  test("against one's own server none is started, and all else goes to k6", async () => {
    const args = ['storm', '-e', 'WS_URL=ws://127.0.0.1:1/', '--out', 'json=x', '--address', '127.0.0.1:7'];
    const run = bareClone(ARGS).start('start.mjs', args);
    expect(await run.ended).toBe(0);
    expect(run.output.stdout + run.output.stderr).not.toContain('arget server');
    const given = argsIn(run.output.stdout);
    expect(given.slice(-4, -1)).toEqual(['json=x', '--address', '127.0.0.1:7']);
    expect(given.filter((arg) => arg === '--address')).toHaveLength(1);
    expect(given).toContain('WS_GENERATOR_ADDRESS=127.0.0.1:7');
    expect(given.join(' ')).not.toContain('WS_CONNECTIONS');
    expect(path.basename(given.at(-1) as string)).toBe('storm.js');
  });

  test('Ctrl-C stops k6 first, then prints what the server counted, and leaves no server behind', async () => {
    const run = bareClone(HOLD).start('start.mjs');
    const [, url] = await run.printed('stdout', /holding ws(\S+)\n/);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(105);
    expect(run.output.stdout).toMatch(/the report\n\nThe target server counted 1 connection accepted/);
    await expect(fetch(`http${url}stats`)).rejects.toThrow();
  });

  test('a start that is killed leaves no server behind', async () => {
    const starting = bareClone(HOLD).start('start.mjs');
    const [, url] = await starting.printed('stdout', /holding ws(\S+)\n/);
    starting.child.kill('SIGKILL');
    const answers = () =>
      fetch(`http${url}stats`).then(
        () => true,
        () => false,
      );
    await expect.poll(answers, { timeout: 30_000 }).toBe(false);
  });

  test('a bad argument ends it before anything is installed', async () => {
    const clone = bareClone(ARGS);
    const run = clone.start('start.mjs', ['nothing']);
    expect(await run.ended).toBe(2);
    expect(run.output.stderr).toBe(
      'There is no scenario "nothing"; there are: concurrent, storm. Example: npm start -- concurrent -e WS_HOLD=30s\n',
    );
    expect(existsSync(path.join(clone.root, 'node_modules'))).toBe(false);
  });

  test('--help names the scenarios and installs nothing', async () => {
    const clone = bareClone(ARGS);
    const run = clone.start('start.mjs', ['--help']);
    expect(await run.ended).toBe(0);
    expect(run.output.stdout).toMatch(/^Usage: npm start .+concurrent, storm \(default: concurrent\)/s);
    expect(existsSync(path.join(clone.root, 'node_modules'))).toBe(false);
  });

  test('an npm that fails ends it with its code', async () => {
    const clone = bareClone(ARGS);
    const run = clone.start('start.mjs', [], { npm_execpath: path.join(clone.root, 'missing', 'npm-cli.js') });
    expect(await run.ended).toBe(1);
    expect(run.output.stderr).toMatch(/npm ci failed with exit code 1; its reason is above\.\n$/);
  });
});
