import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * How many files a program that is started from here may have open. Node raises its own limit to the hard one as it
 * starts, and so does Go and with it k6.
 *
 * @param {NodeJS.Platform} [platform]
 * @returns {number} Infinity where there is no limit to speak of, as on Windows, or it cannot be known.
 */
export function openFileLimit(platform = process.platform) {
  try {
    if (platform === 'linux') return softLimitIn(readFileSync('/proc/self/limits', 'utf8'));
    if (platform === 'win32') return Number.POSITIVE_INFINITY;
    const text = execFileSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
    if (text !== 'unlimited') return Number(text) || Number.POSITIVE_INFINITY;
    // macOS says unlimited and has another limit for each process.
    return Number(execFileSync('sysctl', ['-n', 'kern.maxfilesperproc'], { encoding: 'utf8' })) || Infinity;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** @param {string} limits Text of /proc/self/limits. */
export function softLimitIn(limits) {
  const found = /^Max open files\s+(\d+)/m.exec(limits);
  return found ? Number(found[1]) : Number.POSITIVE_INFINITY;
}
