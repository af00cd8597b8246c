import { spawn } from 'node:child_process';
import { endOfK6 } from './end-of-k6.mjs';
import { FORWARDS, forwardSignals } from './forward-signals.mjs';
import { say } from './say.mjs';

/**
 * Runs k6 with this process's standard streams until it ends. SIGINT, SIGTERM and SIGHUP reach it, and this process
 * stays until k6 has printed its report. Says what happened where k6 itself could not: it was killed, or crashed.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options] Default: as this process.
 * @param {(pid: number) => void} [started] Is told its number.
 * @returns {Promise<number>} The exit code, as `endOfK6` reads it.
 * @throws {Error} If the program cannot be started.
 */
export function runK6(program, args, options = {}, started = () => {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: 'inherit', detached: FORWARDS });
    if (child.pid !== undefined) started(child.pid);
    const forgetSignals = forwardSignals((signal) => child.kill(signal));
    const killChild = () => child.kill('SIGKILL');
    process.on('exit', killChild);
    const settle = () => {
      process.off('exit', killChild);
      forgetSignals();
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      settle();
      const { exitCode, sentence } = endOfK6(code, signal);
      if (sentence) say(`${sentence} There is no verdict.`);
      resolve(exitCode);
    });
  });
}
