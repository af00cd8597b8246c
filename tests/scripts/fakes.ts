import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';

// Whoever imports this starts processes, which a busy machine can make slow.
vi.setConfig({ testTimeout: 60_000 });

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'scripts-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes an executable that runs this JavaScript (CommonJS), and gives its path. Not for Windows. */
export function fakeProgram(folder: string, name: string, code: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, `#!${process.execPath}\n${code}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** The code of a k6 that tells this version and does nothing else. */
export function k6Answering(version: string): string {
  return `if (process.argv[2] === 'version') console.log('${version}');`;
}

export interface Started {
  child: ChildProcess;
  /** All that was printed so far. */
  output: { stdout: string; stderr: string };
  /** Resolves once stdout or stderr matches. */
  printed(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code, once all output is in. */
  ended: Promise<number | null>;
}

/** Starts a Node script, which is killed after the test if it still runs. */
export function startScript(script: string, args: string[], options: SpawnOptions = {}): Started {
  return started(spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options }));
}

/** Follows what a child process prints. */
export function started(child: ChildProcess): Started {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  // Not the event 'close': it does not come after this side has closed an IPC channel.
  const streams = [child.stdout, child.stderr].map((stream) => stream && finished(stream));
  const ended = Promise.all([once(child, 'exit'), ...streams]).then(([[code]]) => code as number | null);
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });
  const printed = (stream: 'stdout' | 'stderr', pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const check = () => {
        const found = pattern.exec(output[stream]);
        if (found) resolve(found);
      };
      child[stream]?.on('data', check);
      const fail = () => reject(new Error(`ended without ${pattern}: ${output.stdout}${output.stderr}`));
      ended.then(fail, reject);
      check();
    });
  return { child, output, printed, ended };
}
