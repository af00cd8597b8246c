import { spawnSync } from 'node:child_process';

/** Whether Prometheus' checker is there. CI installs it, so that there a missing one is a failure. */
export const hasPromtool =
  process.env['CI'] === 'true' || spawnSync('promtool', ['--version'], { encoding: 'utf8' }).status === 0;

/** Runs promtool; stdout and stderr together. */
export function promtool(...args: string[]): { status: number | null; output: string } {
  const run = spawnSync('promtool', args, { encoding: 'utf8', timeout: 60_000 });
  return { status: run.status, output: `${run.stdout}${run.stderr}${run.error ?? ''}` };
}
