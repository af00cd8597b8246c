import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Summary } from '../../lib/report/summary.ts';
import { afterwards } from './cases.ts';
import { k6Command } from './k6-command.ts';

/** What a k6 run of any script or archive came to. */
export interface ScriptResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** summary.json, or null if none was written. */
  summary: Summary | null;
}

/**
 * `k6 run` of any script, for what runK6() does not do: sources, archives, copies elsewhere, other working directories.
 *
 * @param options.cwd - where the command is typed; the shell's PWD says the same. Default: this repository.
 * @param options.shell - whether there is a PWD at all. Default true.
 */
export async function runScript(
  script: string,
  env: Record<string, string>,
  { cwd = process.cwd(), shell = true }: { cwd?: string; shell?: boolean } = {},
): Promise<ScriptResult> {
  const results = await mkdtemp(path.join(tmpdir(), 'k6-results-'));
  afterwards(() => rm(results, { recursive: true, force: true }));
  const ended = await k6Command(['run', '--no-color', '--no-usage-report', script], {
    cwd,
    env: { WS_RESULTS_DIR: results, PWD: shell ? cwd : '', ...env },
  });
  const file = path.join(results, 'summary.json');
  return { ...ended, summary: existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Summary) : null };
}
