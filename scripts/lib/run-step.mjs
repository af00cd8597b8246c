import { spawn } from 'node:child_process';
import os from 'node:os';
import { ROOT } from './project.mjs';

/**
 * Runs a program to its end in the project's folder, showing what it prints.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env] Beside this process's own.
 * @param {boolean} [options.quietStdout] Show its output on stderr: stdout is kept for the result. Default false.
 * @param {boolean} [options.shell] Default false.
 * @returns {Promise<number>} Its exit code; 128 + n if signal n ended it.
 * @throws {Error} If it cannot be started.
 */
export function runStep(program, args, { env = {}, quietStdout = false, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', quietStdout ? process.stderr : 'inherit', 'inherit'],
      shell,
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0)));
  });
}
