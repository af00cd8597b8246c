import os from 'node:os';

/** k6 crashed or was killed and left a code that means something else here: Go's 2, Windows' 1. */
export const EXIT_K6_DIED = 3;

/** An exit code above this is 128 + the number of the signal, as shells and containers write it. */
const SIGNAL_BASE = 128;
const MOST_SIGNALS = 64;

/**
 * What the end of k6 means, beyond the codes that its documentation lists.
 *
 * @param {number | null} code As a child process gives it; null if a signal ended it.
 * @param {NodeJS.Signals | null} signal
 * @returns {{ exitCode: number, sentence?: string }} exitCode: k6's own; 128 + n for signal n; `EXIT_K6_DIED` for its 1
 *   and 2 and for the crash codes of Windows, which the codes of the scripts here would be taken for. sentence: for the
 *   user, where k6 itself could not say what happened.
 */
export function endOfK6(code, signal) {
  const number = signal ? os.constants.signals[signal] : (code ?? 0) - SIGNAL_BASE;
  if (number > 0 && number <= MOST_SIGNALS) {
    return { exitCode: SIGNAL_BASE + number, sentence: endedBySignal(signal ?? nameOfSignal(number)) };
  }
  if (code === 2) {
    return {
      exitCode: EXIT_K6_DIED,
      sentence:
        'k6 crashed (exit code 2 is that of a Go program that panics or finds no more memory); its reason is above.',
    };
  }
  if (code === 1) {
    return {
      exitCode: EXIT_K6_DIED,
      sentence: 'k6 ended with exit code 1, which on Windows is left by a process that was killed.',
    };
  }
  if (code !== null && code > 255) {
    return {
      exitCode: EXIT_K6_DIED,
      sentence: `k6 ended with 0x${code.toString(16).toUpperCase()}: Windows stopped it.`,
    };
  }
  return { exitCode: code ?? 0 };
}

/** @param {string} signal */
function endedBySignal(signal) {
  const why =
    signal === 'SIGKILL'
      ? ' Where nobody did that, the system was out of memory (dmesg, or the limit of the container): fewer connections, more memory, or multiplexed, which needs half.'
      : '';
  return `k6 was ended by ${signal}.${why}`;
}

/** @param {number} number */
function nameOfSignal(number) {
  const [name] = Object.entries(os.constants.signals).find(([, each]) => each === number) ?? [];
  return name ?? `signal ${number}`;
}
