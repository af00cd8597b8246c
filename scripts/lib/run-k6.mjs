import { spawn } from 'node:child_process';
import { endOfK6 } from './end-of-k6.mjs';
import { say } from './say.mjs';

/**
 * One Ctrl-C can arrive twice, from the terminal and again from npm, and k6 takes a second signal as "stop at once,
 * without the report". A second one after this time is meant.
 */
const ECHO_MS = 1000;
/** What k6 does with a signal that it does not handle is die without a report, so a hang-up becomes a SIGTERM. */
const FORWARDED = /** @type {const} */ ([
  ['SIGINT', 'SIGINT'],
  ['SIGTERM', 'SIGTERM'],
  ['SIGHUP', 'SIGTERM'],
]);

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
    // In a group of its own, k6 gets what is forwarded here and not the terminal's copy as well. On Windows, where
    // nothing can be forwarded, it stays in the group and the console tells it by itself.
    const forward = process.platform !== 'win32';
    const child = spawn(program, args, { ...options, stdio: 'inherit', detached: forward });
    if (child.pid !== undefined) started(child.pid);
    let lastMs = Number.NEGATIVE_INFINITY;
    const handlers = FORWARDED.map(([received, sent]) => {
      const handler = () => {
        const nowMs = performance.now();
        if (forward && nowMs - lastMs > ECHO_MS) child.kill(sent);
        lastMs = nowMs;
      };
      process.on(received, handler);
      return () => process.off(received, handler);
    });
    const killChild = () => child.kill('SIGKILL');
    process.on('exit', killChild);
    const settle = () => {
      process.off('exit', killChild);
      for (const remove of handlers) remove();
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      settle();
      const { exitCode, sentence } = endOfK6(code, signal);
      if (sentence) say(sentence);
      resolve(exitCode);
    });
  });
}
