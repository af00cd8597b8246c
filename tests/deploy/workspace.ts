import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';

export const BASH = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c'];
export const SH = ['sh', '-e', '-c'];

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** An empty folder for each test, in which scripts of CI run with programs of the test's before all others. */
export function workspace() {
  const place = { folder: '' };
  beforeEach(() => {
    place.folder = mkdtempSync(path.join(tmpdir(), 'ci-'));
    mkdirSync(path.join(place.folder, 'bin'));
  });
  afterEach(() => rmSync(place.folder, { recursive: true, force: true }));
  return {
    at: (...names: string[]) => path.join(place.folder, ...names),
    /** A program that is this shell script. */
    stub(name: string, script: string): void {
      const file = path.join(place.folder, 'bin', name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    },
    run([command = '', ...args]: string[], script: string, env: Record<string, string> = {}): Ran {
      return spawnSync(command, [...args, script], {
        cwd: place.folder,
        encoding: 'utf8',
        timeout: 30_000,
        env: { PATH: `${place.folder}/bin:${process.env['PATH']}`, ...env },
      });
    },
  };
}
