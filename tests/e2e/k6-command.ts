import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { k6Path } from './helpers.ts';

/**
 * Any command of k6, to its end, for what runK6() does not do: other commands than `run`, other scripts than dist/.
 *
 * @param options.env - WS_ settings and others; those of the calling environment are not passed on.
 * @param options.limitMs - after this many ms k6 is killed. Default 60,000.
 */
export async function k6Command(
  args: string[],
  options: { env?: Record<string, string>; cwd?: string; limitMs?: number } = {},
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const { env = {}, cwd, limitMs = 60_000 } = options;
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(WS|K6)_/.test(name)));
  const child = spawn(k6Path(), args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}
