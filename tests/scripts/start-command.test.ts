import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bareClone } from './bare-clone.ts';
import { ROOT, temporaryFolder } from './fakes.ts';

const WS = JSON.stringify(path.join(ROOT, 'node_modules', 'ws'));

/** A k6 that opens one connection, has one message echoed, and misses a target. */
const ONE_MESSAGE = `
const { WebSocket } = require(${WS});
console.log('args ' + JSON.stringify(args));
console.log('env ' + JSON.stringify(process.env));
const client = new WebSocket(process.env.WS_URL);
client.on('open', () => client.send('x'));
client.on('message', () => client.close(1000));
client.on('close', () => { console.log('the report'); process.exitCode = 99; });`;

/** A k6 that holds one connection until it is interrupted. */
const HOLD = `
const { WebSocket } = require(${WS});
new WebSocket(process.env.WS_URL).on('open', () => console.log('holding ' + process.env.WS_URL));
process.on('SIGINT', () => { console.log('the report'); process.exit(105); });`;

/** A k6 that reads what is served to it. */
const READS = `
(async () => {
  for (const name of ['WS_HOST_METRICS', 'WS_TARGET_METRICS']) {
    console.log(await (await fetch(process.env[name])).text());
  }
  console.log('rss ' + process.memoryUsage.rss());
})();`;

const ARGS = `
console.log('args ' + JSON.stringify(args));
console.log('env ' + JSON.stringify(process.env));
console.log('cwd ' + process.cwd());`;
const argsIn = (stdout: string): string[] => JSON.parse(/^args (.+)$/m.exec(stdout)?.[1] as string);
const envIn = (stdout: string): Record<string, string> => JSON.parse(/^env (.+)$/m.exec(stdout)?.[1] as string);

/** A k6 that does as a run with results does, and ends with this code. */
const withResults = (code: number) => `
require('node:fs').writeFileSync(require('node:path').join(process.env.WS_RESULTS_DIR, 'summary.json'), '{}');
console.log('env ' + JSON.stringify(process.env));
console.log('args ' + JSON.stringify(args));
process.exitCode = ${code};`;
const OWN_SERVER = ['-e', 'WS_URL=ws://127.0.0.1:1/'];

describe.skipIf(process.platform === 'win32')('npm start', () => {
  test('shows the run live and has it recorded when asked for', async () => {
    const clone = bareClone(withResults(99));
    const run = clone.start('start.mjs', ['--dashboard', '-e', 'WS_RESULTS_DIR=results here', ...OWN_SERVER]);
    expect(await run.ended).toBe(99);
    const port = /Live view: http:\/\/127\.0\.0\.1:(\d+)\//.exec(run.output.stderr)?.[1];
    expect(envIn(run.output.stdout)).toMatchObject({
      K6_WEB_DASHBOARD: 'true',
      K6_WEB_DASHBOARD_PORT: port,
      K6_WEB_DASHBOARD_RECORD: path.join(clone.root, 'results here', 'series.ndjson.gz'),
      LOAD_TEST_K6_VERSION: expect.stringMatching(/^\d/),
    });
    // The verdict is k6's, also where its results make no page.
    expect(run.output.stderr).toContain('report.html stays without charts: ');
    expect(argsIn(run.output.stdout)).not.toContain('--dashboard');
  });

  test('runs nothing where another program has the port for the live page', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const taken = { K6_WEB_DASHBOARD_PORT: String(port) };
    const run = bareClone(ARGS).start('start.mjs', ['--dashboard', ...OWN_SERVER], taken);
    expect(await run.ended).toBe(2);
    expect(run.output.stdout).toBe('');
    expect(run.output.stderr).toMatch(
      new RegExp(`^K6_WEB_DASHBOARD_PORT=${port}: expected a port .+ \\(EADDRINUSE\\)\\. .+\n$`),
    );
  });

  test.each([
    ['FAIL concurrent: the books do not balance', 0, 99],
    ['PASS concurrent: all targets met', 0, 0],
    ['FAIL concurrent: missed connect success', 105, 105],
  ])('after "%s" a code %i of k6 is %i', async (line, code, given) => {
    const leaves = `require('node:fs').writeFileSync(process.env.LOAD_TEST_VERDICT, ${JSON.stringify(`${line}\n`)});`;
    const run = bareClone(`${leaves}\nprocess.exitCode = ${code};`).start('start.mjs', OWN_SERVER);
    expect(await run.ended).toBe(given);
    expect(run.output.stderr.includes(`All thresholds of k6 are met, but the report says: ${line}\n`)).toBe(
      code !== given,
    );
  });

  test.each([
    [['--no-thresholds'], {}],
    [[], { K6_NO_THRESHOLDS: 'true' }],
  ])('asks for no verdict with %j %j', async (args, env) => {
    const run = bareClone(ARGS).start('start.mjs', [...OWN_SERVER, ...args], env);
    expect(await run.ended).toBe(0);
    expect(envIn(run.output.stdout)).not.toHaveProperty('LOAD_TEST_VERDICT');
  });

  test('serves k6 the figures of the host, of k6 itself and of the target server', async () => {
    const run = bareClone(READS).start('start.mjs', []);
    expect(await run.ended).toBe(0);
    const { stdout } = run.output;
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(stdout)?.[1]);
    expect(stdout).toMatch(/^node_cpu_seconds_total\{cpu="0",mode="idle"\} \d/m);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(10e6);
    if (process.platform !== 'linux') return;
    expect(value('k6_process_resident_memory_bytes')).toBeGreaterThan(value('rss') / 2);
    expect(value('k6_process_resident_memory_bytes')).toBeLessThan(value('rss') * 2);
  });

  test("takes nothing of the user's K6_OUT, K6_ADDRESS and dashboard away", async () => {
    const users = { K6_OUT: 'json=x', K6_ADDRESS: '127.0.0.1:7', K6_WEB_DASHBOARD_PERIOD: '9s' };
    const run = bareClone(withResults(0)).start('start.mjs', [...OWN_SERVER, '-e', 'WS_RESULTS_DIR=results'], users);
    expect(await run.ended).toBe(0);
    expect(envIn(run.output.stdout)).toMatchObject({ ...users, WS_GENERATOR_ADDRESS: '127.0.0.1:7' });
    const args = argsIn(run.output.stdout).join(' ');
    expect(args).not.toContain('--out');
    expect(args).not.toContain('--address');
  });

  test('hands settings over where no process list shows them, and nothing else of the environment', async () => {
    const given = ['-e', 'WS_HEADERS={"Authorization":"hunter2"}', '-e', 'TENANT=a', ...OWN_SERVER];
    const run = bareClone(ARGS).start('start.mjs', given, { MY_SECRET: 'x', WS_HOLD: '3s' });
    expect(await run.ended).toBe(0);
    expect(argsIn(run.output.stdout).join(' ')).not.toMatch(/hunter2|WS_|TENANT/);
    const env = envIn(run.output.stdout);
    expect(env).toMatchObject({ WS_HEADERS: '{"Authorization":"hunter2"}', TENANT: 'a', WS_HOLD: '3s', GOGC: '50' });
    expect(env).not.toHaveProperty('MY_SECRET');
    expect(env).not.toHaveProperty('npm_execpath');
  });

  test('takes paths from where the command was typed, and runs k6 there', async () => {
    const typed = realpathSync(temporaryFolder());
    const given = ['-e', 'WS_CONVERSATION=./mine.ts', '-e', 'WS_USERS=users.csv', ...OWN_SERVER];
    const run = bareClone(ARGS).start('start.mjs', given, { INIT_CWD: typed });
    expect(await run.ended).toBe(0);
    expect(envIn(run.output.stdout)).toMatchObject({
      WS_CONVERSATION: path.join(typed, 'mine.ts'),
      WS_USERS: path.join(typed, 'users.csv'),
      PWD: typed,
    });
    expect(run.output.stdout).toContain(`\ncwd ${typed}\n`);
  });

  test.each([
    [0, 4],
    [99, 99],
    [107, 107],
  ])('a run without the results asked for is a failure: k6 says %i, this %i', async (k6Says, code) => {
    const clone = bareClone(`process.exitCode = ${k6Says};`);
    const run = clone.start('start.mjs', [...OWN_SERVER, '-e', 'WS_RESULTS_DIR=results']);
    expect(await run.ended).toBe(code);
    expect(run.output.stderr).toMatch(
      new RegExp(`\nNO RESULTS: k6 wrote no summary.json into ${clone.root}/results \\(WS_RESULTS_DIR\\)\\.\n$`),
    );
  });

  test('keeps the exit code of k6 when the server dies during the run, and says so', async () => {
    const kill = `
fetch(process.env.WS_URL.replace('ws', 'http')).catch(() => {});
const { execFileSync } = require('node:child_process');
const pids = execFileSync('/bin/ps', ['-o', 'pid=,args=', '--ppid', String(process.ppid)], { encoding: 'utf8' });
process.kill(Number(/^ *(\\d+) .*target-server/m.exec(pids)[1]), 'SIGKILL');
process.exitCode = 99;`;
    const run = bareClone(kill).start('start.mjs');
    expect(await run.ended).toBe(99);
    expect(run.output.stderr).toContain(
      'The target server ended during the run, by SIGKILL: what it counted is lost, and the failures since then are its own.\n',
    );
    expect(run.output.stderr).not.toContain('fetch failed');
  });

  test('starts the server of a conversation, with its users, and prints what that counted', async () => {
    const login = `
const { WebSocket } = require(${WS});
const [, row] = require('node:fs').readFileSync(process.env.WS_USERS, 'utf8').split('\\n');
console.log('env ' + JSON.stringify(process.env));
const client = new WebSocket(process.env.WS_URL);
client.on('open', () => client.send(JSON.stringify({ type: 'auth', token: row.split(',')[1] })));
client.on('message', () => client.close(1000));`;
    const clone = bareClone(login);
    const run = clone.start('start.mjs', ['--conversation', 'chat']);
    expect(await run.ended).toBe(0);
    expect(envIn(run.output.stdout)).toMatchObject({
      WS_CONVERSATION: path.join(clone.root, 'examples', 'chat.ts'),
      WS_USERS: path.join(clone.root, 'examples', 'users.csv'),
      WS_CONNECTIONS: '1000',
    });
    expect(run.output.stdout).toMatch(/\nThe chat server counted:\n +accepted +1\n(?:.+\n)* +logins +1\n/);
  });

  test.each([
    [['--conversation', 'caht'], 'there are: chat, socket.io.'],
    [['--processes', '2', '--dashboard'], 'there is no live page'],
    [['--processes', '2', '--out', 'json=x.json'], 'put {process} into its name'],
    [['--conversation', 'chat', ...OWN_SERVER], 'WS_URL is set too'],
  ])('%j is an error before anything is installed', async (args, what) => {
    const clone = bareClone(ARGS);
    const run = clone.start('start.mjs', args);
    expect(await run.ended).toBe(2);
    expect(run.output.stderr).toContain(what);
    expect(existsSync(path.join(clone.root, 'node_modules'))).toBe(false);
  });

  test('runs nothing when npm took the arguments', async () => {
    const clone = bareClone(ARGS);
    const run = clone.start('start.mjs', [], { npm_lifecycle_event: 'start', npm_config_dashboard: 'true' });
    expect(await run.ended).toBe(2);
    expect(run.output.stdout).toBe('');
    expect(run.output.stderr).toMatch(
      /^npm took --dashboard for itself .+\n {2}node scripts\/start\.mjs --dashboard\n/,
    );
    expect(existsSync(path.join(clone.root, 'node_modules'))).toBe(false);
  });

  test('uses the scripts of a dist/ that cannot be written', async () => {
    const clone = bareClone(ARGS);
    // A folder in place of the script: what root cannot write either.
    mkdirSync(path.join(clone.root, 'dist', 'concurrent.js'), { recursive: true });
    const run = clone.start('start.mjs', OWN_SERVER);
    expect(await run.ended).toBe(0);
    expect(run.output.stderr).toContain(
      'Not building: dist/ cannot be written (EISDIR), so its scripts are used as they',
    );
    expect(run.output.stderr).not.toContain('ran build');
  });

  test('goes from a bare clone to the report, with what the server counted and the exit code of k6', async () => {
    const clone = bareClone(ONE_MESSAGE);
    const run = clone.start('start.mjs');
    expect(await run.ended).toBe(99);
    expect(run.output.stderr).toMatch(
      /^Installing the npm packages \(npm ci\): they are not there yet\.\nran npm ci .+\nUsing k6 v2\.2\.0: .+\nBuilding .+\nran build\nTarget server: ws:.+\nThis was a demo .+\nTo watch a run live in a browser: npm start -- --dashboard\n$/,
    );
    expect(run.output.stdout).toMatch(
      /^args .+\nenv .+\nthe report\n\nThe target server counted 1 connection accepted, 1 open at one time, 0 refused, 0 still open;\n1 message received, 1 answered\.\n$/,
    );
    const args = argsIn(run.output.stdout);
    const address = args[args.indexOf('--address') + 1];
    expect(args).toEqual([
      'run',
      '--address',
      expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      '--profiling-enabled',
      path.join(clone.root, 'dist', 'concurrent.js'),
    ]);
    expect(envIn(run.output.stdout)).toMatchObject({ WS_CONNECTIONS: '1000', WS_GENERATOR_ADDRESS: address });

    const again = clone.start('start.mjs');
    expect(await again.ended).toBe(99);
    expect(again.output.stderr).not.toContain('npm ci');
  });

  test('names a results folder that cannot be made, before k6 runs', async () => {
    const run = bareClone(ARGS).start('start.mjs', ['-e', 'WS_RESULTS_DIR=package.json/results']);
    expect(await run.ended).toBe(2);
    expect(run.output.stdout).toBe('');
    expect(run.output.stderr).toContain(
      '/package.json/results: expected a folder that is there or can be made, and that can be written (ENOTDIR). Example: ',
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
    const env = envIn(run.output.stdout);
    expect(env).toMatchObject({ WS_GENERATOR_ADDRESS: '127.0.0.1:7' });
    expect(env).not.toHaveProperty('WS_CONNECTIONS');
    expect(path.basename(given.at(-1) as string)).toBe('storm.js');
  });

  test('keeps the exit code of k6 where the run is over while the server is down', async () => {
    const untilDropped = `
const { WebSocket } = require(${WS});
const client = new WebSocket(process.env.WS_URL);
client.on('close', () => { console.log('the report'); process.exitCode = 99; });`;
    // Until then it has to have started and to be connected, beside all other tests.
    const run = bareClone(untilDropped).start('start.mjs', ['-e', 'WS_RESTART_AT=5s']);
    expect(await run.ended).toBe(99);
    expect(run.output.stderr).toContain('The target server is back.\n');
  });

  test('killed it leaves no k6 behind, and no file', async () => {
    const temporary = temporaryFolder();
    const run = bareClone(HOLD).start('start.mjs', [], { TMPDIR: temporary });
    const [, url] = await run.printed('stdout', /holding ws(\S+)\n/);
    run.child.kill('SIGKILL');
    await expect.poll(() => readdirSync(temporary), { timeout: 30_000 }).toEqual([]);
    await expect
      .poll(
        () =>
          fetch(`http${url}`).then(
            () => 1,
            () => 0,
          ),
        { timeout: 30_000 },
      )
      .toBe(0);
  });

  test('Ctrl-C stops k6 first, then prints what the server counted, and leaves no server behind', async () => {
    const run = bareClone(HOLD).start('start.mjs');
    const [, url] = await run.printed('stdout', /holding ws(\S+)\n/);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(105);
    expect(run.output.stdout).toMatch(/the report\n\nThe target server counted 1 connection accepted/);
    await expect(fetch(`http${url}stats`)).rejects.toThrow();
  });

  test('npm that is gone ends it as a SIGTERM does: with the report, and without k6 and server', async () => {
    const holds = `${HOLD}\nprocess.on('SIGTERM', () => { console.log('the report of SIGTERM'); process.exit(105); });`;
    const clone = bareClone(holds);
    // What is between npm and the script: npm passes SIGTERM on to it, and it does not.
    const shell = path.join(clone.root, 'scripts', 'shell.mjs');
    writeFileSync(
      shell,
      `import { spawn } from 'node:child_process';
       spawn(process.execPath, [${JSON.stringify(path.join(clone.root, 'scripts', 'start.mjs'))}], { stdio: 'inherit' });`,
    );
    const run = clone.start('shell.mjs', [], { npm_lifecycle_script: 'node scripts/start.mjs' });
    const [, url] = await run.printed('stdout', /holding ws(\S+)\n/);
    run.child.kill('SIGTERM');
    // Resolves when nobody has its output any more.
    await run.ended;
    expect(run.output.stdout).toMatch(/the report of SIGTERM\n\nThe target server counted 1 connection accepted/);
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
      'There is no scenario "nothing"; there are: concurrent, multiplexed, storm. Example: npm start -- concurrent -e WS_HOLD=30s\n',
    );
    expect(existsSync(path.join(clone.root, 'node_modules'))).toBe(false);
  });

  test('--help names the scenarios and installs nothing', async () => {
    const clone = bareClone(ARGS);
    const run = clone.start('start.mjs', ['--help']);
    expect(await run.ended).toBe(0);
    expect(run.output.stdout).toMatch(/^Usage: npm start .+concurrent, multiplexed, storm \(default: concurrent\)/s);
    expect(existsSync(path.join(clone.root, 'node_modules'))).toBe(false);
  });

  test('an npm that fails ends it with its code', async () => {
    const clone = bareClone(ARGS);
    const run = clone.start('start.mjs', [], { npm_execpath: path.join(clone.root, 'missing', 'npm-cli.js') });
    expect(await run.ended).toBe(1);
    expect(run.output.stderr).toMatch(/npm ci failed with exit code 1; its reason is above\.\n$/);
  });
});
