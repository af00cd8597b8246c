import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, startScript, temporaryFolder } from '../fakes.ts';

/** Starts a process that would run on, and one that ends; both are watched. */
const LAUNCHER = `
import { spawn } from 'node:child_process';
import { startGuard } from ${JSON.stringify(path.join(ROOT, 'scripts/lib/processes/guard.mjs'))};
const guard = await startGuard(process.argv[2]);
const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600000)'], {
  detached: true,
  stdio: ['ignore', 'inherit', 'ignore'],
});
guard.watch(child.pid);
console.log('child ' + child.pid);
if (process.argv[3] === 'release') {
  child.on('exit', () => { guard.release(child.pid); console.log('released'); });
  child.kill('SIGKILL');
}`;

describe.skipIf(process.platform === 'win32')('startGuard()', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends what a launcher leaves that is ended by %s, and its folder',
    async (signal) => {
      const folder = path.join(temporaryFolder(), 'results');
      mkdirSync(folder);
      const script = path.join(temporaryFolder(), 'launcher.mjs');
      writeFileSync(script, LAUNCHER);
      const launcher = startScript(script, [folder]);
      await launcher.printed('stdout', /child \d+/);
      launcher.child.kill(signal);
      // The other end of this pipe is the watched process's, too.
      await launcher.ended;
      await expect.poll(() => existsSync(folder), { timeout: 30_000 }).toBe(false);
    },
  );

  it('does not keep the launcher from ending', async () => {
    const script = path.join(temporaryFolder(), 'launcher.mjs');
    writeFileSync(script, LAUNCHER);
    const launcher = startScript(script, [path.join(temporaryFolder(), 'none'), 'release']);
    expect(await launcher.ended).toBe(0);
    expect(launcher.output.stdout).toContain('released');
  });
});
