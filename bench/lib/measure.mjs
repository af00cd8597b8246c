// Peak memory and CPU time of a program with all its processes, as the operating system counts them. Linux only: it
// reads /proc.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const POLL_MS = 100;

/** Runs the rest of its arguments and leaves the CPU times of what it waited for, which the shell knows exactly. */
const SHELL = 'out=$1; shift; "$@"; code=$?; times > "$out"; exit $code';

/**
 * Runs a program to its end, or stops it when its time is over.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, limitMs: number }} options
 * @returns {Promise<{ memoryBytes: number, cpuSeconds: number, exitCode: number | null, output: string }>} memoryBytes:
 *   the peak of each of its processes, added up; output: the end of what it printed.
 */
export async function measure(program, args, { env = process.env, cwd, limitMs }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  const timesFile = path.join(folder, 'times');
  // A session of its own: what belongs to it in /proc is the program.
  const child = spawn('/bin/sh', ['-c', SHELL, 'sh', timesFile, program, ...args], { env, cwd, detached: true });
  /** @type {Map<number, number>} */
  const peaks = new Map();
  const look = () => {
    for (const [pid, bytes] of peaksOfSession(/** @type {number} */ (child.pid))) peaks.set(pid, bytes);
  };
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output = (output + data).slice(-4_000);
    });
  }
  const poll = setInterval(look, POLL_MS);
  const limit = setTimeout(() => process.kill(-(/** @type {number} */ (child.pid)), 'SIGKILL'), limitMs);
  try {
    const [exitCode] = await once(child, 'close');
    const cpuSeconds = exitCode === null ? 0 : childSeconds(readFileSync(timesFile, 'utf8'));
    const memoryBytes = [...peaks.values()].reduce((sum, bytes) => sum + bytes, 0);
    return { memoryBytes, cpuSeconds, exitCode, output };
  } finally {
    clearInterval(poll);
    clearTimeout(limit);
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The second line of what `times` prints, user and system time of the children: `0m19.04s 0m5.56s`.
 *
 * @param {string} times
 * @returns {number} Seconds.
 */
export function childSeconds(times) {
  const [, children = ''] = times.trim().split('\n');
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  if (parts.length !== 2) throw new Error(`times printed ${JSON.stringify(times)}`);
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/**
 * Peak resident memory of each process of a session, in bytes, without the shell that leads it.
 *
 * @param {number} session
 * @returns {[number, number][]}
 */
function peaksOfSession(session) {
  /** @type {[number, number][]} */
  const found = [];
  for (const pid of readdirSync('/proc').map(Number)) {
    if (!(pid > 0) || pid === session) continue;
    try {
      // After the command in parentheses: state, parent, group, session.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]) !== session) continue;
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
      if (peak) found.push([pid, Number(peak[1]) * 1024]);
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return found;
}
