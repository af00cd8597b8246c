import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeProgram, ROOT, startScript, temporaryFolder } from './fakes.ts';

const SCRIPT = path.join(ROOT, 'scripts', 'k6.mjs');

/** A k6 that prints its report when it is told to stop, as the real one does, and dies at once when told twice. */
const FAKE_K6 = `
if (process.argv[2] === 'version') { console.log('k6 v2.2.0 (go1.26.8, linux/amd64)'); process.exit(0); }
if (process.argv[2] === 'exit') { console.log(JSON.stringify(process.argv.slice(2))); console.error('noise'); process.exit(99); }
if (process.argv[2] === 'die') process.kill(process.pid, 'SIGKILL');
if (process.argv[2] === 'panic') { console.error('panic: runtime error'); process.exit(2); }
let signals = 0;
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {
  signals += 1;
  if (signals > 1) process.exit(1);
  console.log('got ' + name);
  // Long enough for a second signal to come in between.
  setTimeout(() => { console.log('the report'); process.exit(105); }, 300);
});
setInterval(() => {}, 1000);
console.log('running ' + process.pid);
`;

function start(args: string[]) {
  const programs = temporaryFolder();
  const program = fakeProgram(programs, 'k6', FAKE_K6);
  return { program, ...startScript(SCRIPT, args, { env: { ...process.env, PATH: programs } }) };
}

describe.skipIf(process.platform === 'win32')('k6.mjs', () => {
  test('passes on arguments, output and the exit code', async () => {
    const run = start(['exit', '--out', 'json=a b', '-e', 'X="1"', '']);
    expect(await run.ended).toBe(99);
    expect(JSON.parse(run.output.stdout)).toEqual(['exit', '--out', 'json=a b', '-e', 'X="1"', '']);
    expect(run.output.stderr).toBe('noise\n');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s reaches k6, and its report is waited for', async (signal) => {
    const run = start(['run']);
    await run.printed('stdout', /running \d+\n/);
    run.child.kill(signal);
    expect(await run.ended).toBe(105);
    expect(run.output.stdout).toMatch(new RegExp(`^running \\d+\ngot ${signal}\nthe report\n$`));
  });

  test('a hang-up becomes a SIGTERM, which k6 answers with its report', async () => {
    const run = start(['run']);
    await run.printed('stdout', /running \d+\n/);
    run.child.kill('SIGHUP');
    expect(await run.ended).toBe(105);
    expect(run.output.stdout).toMatch(/^running \d+\ngot SIGTERM\nthe report\n$/);
  });

  test('the same Ctrl-C from terminal and npm reaches k6 once', async () => {
    const run = start(['run']);
    await run.printed('stdout', /running \d+\n/);
    run.child.kill('SIGINT');
    await run.printed('stdout', /got SIGINT\n/);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(105);
    expect(run.output.stdout).toContain('the report');
  });

  test('Ctrl-C in a terminal, which goes to the whole group, reaches k6 once', async () => {
    const programs = temporaryFolder();
    fakeProgram(programs, 'k6', FAKE_K6);
    const run = startScript(SCRIPT, ['run'], { env: { ...process.env, PATH: programs }, detached: true });
    await run.printed('stdout', /running \d+\n/);
    process.kill(-(run.child.pid as number), 'SIGINT');
    expect(await run.ended).toBe(105);
    expect(run.output.stdout).toMatch(/^running \d+\ngot SIGINT\nthe report\n$/);
  });

  test('no k6 is left behind when the script is killed', async () => {
    const run = start(['run']);
    const [, pid] = await run.printed('stdout', /running (\d+)\n/);
    run.child.kill('SIGKILL');
    const isThere = () => {
      try {
        return process.kill(Number(pid), 0);
      } catch {
        return false;
      }
    };
    await expect.poll(isThere, { timeout: 30_000 }).toBe(false);
  });

  test('a k6 that a signal ended gives 128 + the number of the signal', async () => {
    const run = start(['die']);
    expect(await run.ended).toBe(128 + 9);
    expect(run.output.stderr).toMatch(/^k6 was ended by SIGKILL\. .+ There is no verdict\.\n/);
  });

  test('a k6 that panicked does not end with the code for bad arguments', async () => {
    const run = start(['panic']);
    expect(await run.ended).toBe(3);
    expect(run.output.stderr).toMatch(/^panic: runtime error\nk6 crashed \(exit code 2 /);
  });

  test('--print-path and --print-version print nothing else', async () => {
    const where = start(['--print-path']);
    expect(await where.ended).toBe(0);
    expect(where.output).toEqual({ stdout: `${where.program}\n`, stderr: '' });
    const which = start(['--print-version']);
    expect(await which.ended).toBe(0);
    expect(which.output).toEqual({ stdout: '2.2.0\n', stderr: '' });
  });

  test('no k6 to be had is exit code 127 and nothing on stdout', async () => {
    const folder = temporaryFolder();
    const env = { PATH: folder, LOAD_TEST_CACHE: folder, LOAD_TEST_K6_RELEASES: 'http://127.0.0.1:9' };
    const run = startScript(SCRIPT, ['--print-path'], { env });
    expect(await run.ended).toBe(127);
    expect(run.output.stdout).toBe('');
    expect(run.output.stderr).toContain('No k6 could be found or fetched.');
  });
});
