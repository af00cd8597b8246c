import { spawn } from 'node:child_process';
import { endOfK6 } from './end-of-k6.mjs';
import { FORWARDS, forwardSignals } from './forward-signals.mjs';
import { startGuard } from './processes/guard.mjs';
import { say } from './say.mjs';

/**
 * Runs k6 with this process's standard streams until it ends. SIGINT, SIGTERM and SIGHUP reach it, and this process
 * stays until k6 has printed its report. Says what happened where k6 itself could not: it was killed, or crashed. No k6 is
 * left behind, also when this process is killed.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, temporary?: string }} [options] Default: as this process. temporary: a
 *   folder to be removed when this process is killed.
 * @param {(pid: number) => void} [started] Is told its number.
 * @returns {Promise<number>} The exit code, as `endOfK6` reads it.
 * @throws {Error} If the program cannot be started.
 */
export async function runK6(program, args, { temporary, ...options } = {}, started = () => {}) {
  const guard = await startGuard(temporary);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: 'inherit', detached: FORWARDS });
    const { pid } = child;
    if (pid !== undefined) {
      guard.watch(pid);
      started(pid);
    }
    const forgetSignals = forwardSignals((signal) => child.kill(signal));
    const killChild = () => child.kill('SIGKILL');
    process.on('exit', killChild);
    const settle = () => {
      process.off('exit', killChild);
      forgetSignals();
      if (pid !== undefined) guard.release(pid);
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
