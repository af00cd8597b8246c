import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageScript } from '../../scripts/lib/project.mjs';
import { k6Path } from './helpers.ts';
import { k6Command } from './k6-command.ts';
import { target } from './target.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const {
  name: NAME,
  version: VERSION,
  dependencies: DEPENDENCIES,
} = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const TITLE = `${NAME}-${VERSION}`;

/** Beside the package or the bundle: talks to the echo server, with a name out of the users' file. */
const CONVERSATION = `
export default {
  received: (session, frame) => session.answered(Number(frame.split(' ')[1])),
  requests: { hello: { frames: (session, n) => 'hello ' + n + ' ' + session.user.name } },
};`;
const SETTINGS = {
  WS_CONVERSATION: 'hello.js',
  WS_USERS: 'users.csv',
  WS_CONNECTIONS: '20',
  WS_HOLD: '1s',
  WS_MESSAGE_INTERVAL: '300ms',
};

let folder: string;
let release: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'package-'));
  release = path.join(folder, 'release');
  const made = await run(
    process.execPath,
    [path.join(ROOT, 'scripts/release.mjs'), release, '--tag', `v${VERSION}`],
    ROOT,
  );
  expect(made.exitCode, made.stderr).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A program to its end, with the k6 of these tests on PATH and no settings of the calling shell. */
function run(program: string, args: string[], cwd: string): Promise<Ended> {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(WS|K6|npm)_|^INIT_CWD$/.test(name)),
  );
  const PATH = [path.dirname(k6Path()), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter);
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env: { ...clean, PATH }, timeout: 100_000 }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** A folder with a conversation and its users, and nothing else. */
function emptyFolder(name: string): string {
  const made = path.join(folder, name);
  mkdirSync(made);
  writeFileSync(path.join(made, 'hello.js'), CONVERSATION);
  writeFileSync(path.join(made, 'users.csv'), 'name\nann\nbob\n');
  return made;
}

it('the checksums are those of the two files', async () => {
  const sums = readFileSync(path.join(release, 'SHA256SUMS'), 'utf8');
  expect(readdirSync(release).sort()).toEqual(['SHA256SUMS', `${TITLE}.tgz`, `${TITLE}.zip`]);
  expect(sums.match(/^[0-9a-f]{64} {2}\S+$/gm)).toHaveLength(2);
  const checked = await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], release);
  expect(checked.exitCode, checked.stdout).toBe(0);
});

describe('the npm package, in an empty folder', () => {
  let installed: string;
  const npx = (...args: string[]) => run('npx', ['--no-install', NAME, ...args], installed);

  beforeAll(async () => {
    installed = emptyFolder('installed');
    // It brings what it depends on: no registry is asked.
    const file = path.join(release, `${TITLE}.tgz`);
    const ended = await run('npm', ['install', '--offline', '--no-audit', '--no-fund', file], installed);
    expect(ended.exitCode, ended.stderr).toBe(0);
  });

  it('holds no tests and no sources, and says its version', async () => {
    const files = readdirSync(path.join(installed, 'node_modules', NAME), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => /\.test\.|^(?:tests|lib|scenarios|thresholds|bench)\b/.test(name))).toEqual([]);
    // Nothing of this machine, such as a compiled add-on.
    const brought = readdirSync(path.join(installed, 'node_modules', NAME, 'node_modules'));
    expect(brought.sort()).toEqual(Object.keys(DEPENDENCIES).sort());
    expect((await npx('--version')).stdout).toBe(`${NAME} ${VERSION}\n`);
  });

  it('runs a conversation of that folder, and compares, merges and reads its results', async () => {
    const server = await target();
    const settings = { ...SETTINGS, WS_URL: server.url, WS_RESULTS_DIR: 'results' };
    const ended = await npx(
      'multiplexed',
      ...Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    );
    expect(ended.exitCode, ended.stdout + ended.stderr).toBe(0);
    const summary = JSON.parse(readFileSync(path.join(installed, 'results/summary.json'), 'utf8'));
    expect(summary.messages.answered).toBe(server.stats().answered);
    expect(summary.messages.answered).toBeGreaterThan(20);
    expect(summary.plan.users).toBe(2);

    // As of another run, since one is not compared with itself.
    const another = JSON.stringify({ ...summary, endedAt: '2026-01-01T00:00:00.000Z' });
    writeFileSync(path.join(installed, 'another.json'), another);
    const compared = await npx('compare-results', 'results', 'another.json');
    expect(compared.stdout).toContain('NO DIFFERENCE');
    expect(compared.exitCode, compared.stderr).toBe(0);
    const merged = await npx('merge-results', 'results');
    expect(merged.exitCode, merged.stderr).toBe(0);
  });

  it('brings a server of its own where none is named', async () => {
    const ended = await npx('multiplexed', '-e', 'WS_CONNECTIONS=20', '-e', 'WS_HOLD=1s');
    expect(ended.exitCode, ended.stdout + ended.stderr).toBe(0);
    expect(ended.stdout).toContain('The target server counted 20 connections accepted');
    expect(ended.stderr).not.toMatch(/Building|Installing/);
  });

  it('says what a demo needs that is not among its own packages', async () => {
    const ended = await npx('--conversation', 'socket.io');
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain('npm install socket.io');
  });

  it('has the types of conversations', async () => {
    const tsc = (body: string) => {
      writeFileSync(path.join(installed, 'typed.ts'), body);
      const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2022'];
      return run(process.execPath, [packageScript('typescript', 'tsc'), ...options, 'typed.ts'], installed);
    };
    const module = (call: string) => `import type { Conversation, Makers } from '${NAME}';
export default { received: (session, frame) => ${call} } satisfies Conversation;
export const other = ({ socketIo }: Makers) => socketIo({ rooms: () => ['a'] });`;
    const right = await tsc(module('void session.answered(String(frame).length)'));
    expect(right.stdout).toBe('');
    expect((await tsc(module('void session.answred(1)'))).stdout).toContain("'answred' does not exist");
  });
});

it('the tarball needs no installation, as in CI', async () => {
  const unpacked = emptyFolder('unpacked');
  const tar = await run('tar', ['-xzf', path.join(release, `${TITLE}.tgz`)], unpacked);
  expect(tar.exitCode, tar.stderr).toBe(0);
  const server = await target();
  const settings = { ...SETTINGS, WS_URL: server.url };
  const cli = (...args: string[]) => run(process.execPath, ['package/scripts/cli.mjs', ...args], unpacked);
  const ended = await cli('multiplexed', ...Object.entries(settings).map(([name, value]) => `-e${name}=${value}`));
  expect(ended.exitCode, ended.stdout + ended.stderr).toBe(0);
  expect(server.stats().accepted).toBe(20);
});

it('a bundle out of the zip runs in k6 alone, with a conversation beside it', async () => {
  const unzipped = emptyFolder('unzipped');
  for (const [name, content] of Object.entries(unzipSync(readFileSync(path.join(release, `${TITLE}.zip`))))) {
    const file = path.join(unzipped, path.relative(TITLE, name));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const server = await target();
  mkdirSync(path.join(unzipped, 'results'));
  const ended = await k6Command(['run', '--no-color', '--no-usage-report', 'multiplexed.js'], {
    cwd: unzipped,
    env: { ...SETTINGS, WS_URL: server.url, WS_RESULTS_DIR: 'results', PWD: unzipped },
  });
  expect(ended.exitCode, ended.stdout + ended.stderr).toBe(0);
  const summary = JSON.parse(readFileSync(path.join(unzipped, 'results/summary.json'), 'utf8'));
  expect(summary.messages.answered).toBe(server.stats().answered);
  expect(summary.messages.answered).toBeGreaterThan(20);
  expect(readFileSync(path.join(unzipped, 'examples/chat.ts'), 'utf8')).toContain("from '../types/makers.d.ts'");
});
