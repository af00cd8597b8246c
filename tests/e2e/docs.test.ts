import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, PAGES, ROOT, textOf } from '../docs/pages.ts';
import { notPrinted, type Runnable, runnablesOf } from '../docs/runnable.ts';
import { afterwards } from './cases.ts';
import { k6Path } from './helpers.ts';

/** What a clone does not have; packages are linked, not copied. */
const NOT_IN_A_CLONE = ['.git', 'node_modules', 'dist', 'results'];
const LIMIT_MS = 120_000;

let clone = '';
let env: NodeJS.ProcessEnv = {};

beforeAll(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'clone-'));
  const left = NOT_IN_A_CLONE.map((name) => path.join(ROOT, name));
  cpSync(ROOT, clone, { recursive: true, filter: (file) => !left.includes(file) });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(clone, 'node_modules'), 'junction');
  const programs = path.join(clone, 'node_modules-programs');
  mkdirSync(programs);
  symlinkSync(k6Path(), path.join(programs, 'k6'));
  const own = Object.entries(process.env).filter(([name]) => !/^(WS_|K6_|npm_|INIT_CWD$|LOAD_TEST_)/i.test(name));
  env = {
    ...Object.fromEntries(own),
    PATH: [programs, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
  };
  execFileSync('npm', ['run', 'build'], { cwd: clone, env });
});

afterAll(() => rmSync(clone, { recursive: true, force: true }));

const pages = PAGES.map((page) => [page, runnablesOf(page)] as const).filter(([, runnables]) => runnables.length > 0);

// Written for a POSIX shell.
describe.skipIf(process.platform === 'win32')('what the pages tell to type does what they say', () => {
  describe.each(pages)('%s', (page, runnables) => {
    beforeAll(() => {
      for (const { language, text } of blocksOf(textOf(page))) {
        const [, name] = (language === 'js' && /^\/\/ ([\w-]+\.js)\n/.exec(text)) || [];
        if (name) writeFileSync(path.join(clone, name), text);
      }
    });

    it.for(runnables)('line $line', async (runnable, { skip }) => {
      const busy = runnable.server === undefined ? undefined : await startServer(runnable.server);
      if (busy !== undefined) skip(`the server of ${page}:${runnable.line} did not start: ${busy}`);
      const { code, printed } = await type(runnable);
      expect(code, printed).toBe(runnable.exitCode);
      expect(runnable.output && notPrinted(runnable.output, printed), printed).toBeFalsy();
    });
  });
});

async function type({ script }: Runnable): Promise<{ code: number | null; printed: string }> {
  const { printed, ended, kill } = start(script);
  const limit = setTimeout(kill, LIMIT_MS);
  const code = await ended;
  clearTimeout(limit);
  return { code, printed: printed.stdout + printed.stderr };
}

/** In the other terminal, for the length of one test. What it says if its port is taken, else undefined. */
async function startServer(command: string): Promise<string | undefined> {
  const { child, printed, ended, kill } = start(command);
  afterwards(async () => {
    kill();
    await ended;
  });
  const up = new Promise<'up'>((resolve) => {
    child.stdout.on('data', () => printed.stdout.includes('listening on ') && resolve('up'));
  });
  if ((await Promise.race([up, ended])) === 'up') return undefined;
  if (!printed.stderr.includes('another program listens there')) throw new Error(`${command}\n${printed.stderr}`);
  return printed.stderr.trim();
}

function start(script: string) {
  // A group of its own, so that it ends as a whole.
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: clone,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  };
  return { child, printed, ended, kill };
}
