import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchParent } from '../../scripts/lib/watch-parent.mjs';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How often it is noticed that the parent has gone, by a process that npm started for this script. */
function noticed(script: string | undefined, parent = () => 1, program = 'start.mjs'): number {
  const gone = vi.fn();
  watchParent(gone, { npm_lifecycle_event: 'start', npm_lifecycle_script: script }, parent, program);
  vi.advanceTimersByTime(5_000);
  return gone.mock.calls.length;
}

describe('watchParent()', () => {
  test.each([
    'node scripts/start.mjs',
    'node scripts/start.mjs -e "WS_URL=ws://h/?a=1&b=2"',
    "'k6-websocket-concurrency'",
    'k6-websocket-concurrency multiplexed -e WS_HOLD=1m',
    'node node_modules/k6-websocket-concurrency/scripts/run-processes.mjs --processes 2 mine.js',
  ])('notices once that the parent has gone in the script %s of npm', (script) => {
    expect(noticed(script, () => 1, script.includes('run-processes') ? 'run-processes.mjs' : 'start.mjs')).toBe(1);
  });

  test.each([
    undefined,
    'bash load.sh',
    'nohup node scripts/start.mjs',
    'node scripts/start.mjs &',
    'node scripts/start.mjs && echo done',
    // A script of the user's, which starts this one.
    'node scripts/outer.mjs',
    'setsid k6-websocket-concurrency',
  ])('notices nothing in %s, which may be meant to end before', (script) => {
    expect(noticed(script)).toBe(0);
  });

  test('notices nothing while the parent is there, and none that goes after the end', () => {
    expect(noticed('node scripts/start.mjs', () => process.ppid)).toBe(0);
    const gone = vi.fn();
    const stop = watchParent(gone, { npm_lifecycle_script: 'node scripts/start.mjs' }, () => 1, 'start.mjs');
    stop();
    vi.advanceTimersByTime(5_000);
    expect(gone).not.toHaveBeenCalled();
  });
});
