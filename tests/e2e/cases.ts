import { afterEach, expect } from 'vitest';
import type { Behaviour } from '../servers/behaviour.mjs';
import { startFaultServer } from '../servers/fault-server.mjs';
import { type Books, reportedBooks } from './books.ts';
import { HANDSHAKE_TIMEOUT_MS, MESSAGE_INTERVAL_MS, MESSAGE_TIMEOUT_MS } from './faults.ts';
import type { K6Result } from './helpers.ts';

/** Exit codes of k6. */
export const PASSED = 0;
export const TARGET_MISSED = 99;
/** A script threw: our settings errors too. */
export const SCRIPT_EXCEPTION = 107;
export const INTERRUPTED = 105;

/** Each has to pass the same table; transport: the k6 module below it. */
export const SCENARIOS = [
  { scenario: 'concurrent', transport: 'ws' },
  { scenario: 'multiplexed', transport: 'websockets' },
] as const;

/** Settings of a run of about 4 s; `hunter2` must not leave them. */
export const SHORT = {
  WS_PROFILE: 'smoke',
  WS_BATCH_SIZE: '50',
  WS_HOLD: '3s',
  WS_HANDSHAKE_TIMEOUT: `${HANDSHAKE_TIMEOUT_MS}ms`,
  WS_MESSAGE_INTERVAL: `${MESSAGE_INTERVAL_MS}ms`,
  WS_MESSAGE_TIMEOUT: `${MESSAGE_TIMEOUT_MS}ms`,
  WS_HEADERS: '{"Authorization":"Bearer hunter2"}',
};

/** For tests that wait until all are open and have talked: however long a busy machine takes to get them there. */
export const PATIENT = { WS_HANDSHAKE_TIMEOUT: '30s' };

const cleanups: (() => unknown)[] = [];

/** Runs after the test that calls it, whatever its outcome. */
export function afterwards(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A fault server for the length of one test. */
export async function serve(script: Behaviour[]) {
  const server = await startFaultServer({ script });
  afterwards(server.close);
  return server;
}

/** The report's books; fails with k6's output if there is none. */
export function booksOf({ summary, stdout, stderr }: K6Result): Books {
  if (!summary) throw new Error(`no summary.json:\n${stdout}\n${stderr}`);
  return reportedBooks(summary);
}

/** The report itself says that the books balance. */
export function expectBalance({ summary, stdout }: K6Result): void {
  expect(summary?.differences).toEqual([]);
  expect(summary?.balanced).toBe(true);
  expect(stdout).toContain('Balance');
}

/** WS_URL and WS_HEADERS hold `hunter2`, and so do the close frames. */
export function expectNoSecret({ stdout, stderr, summary, samples }: K6Result): void {
  for (const text of [stdout, stderr, JSON.stringify(summary), samples]) expect(text).not.toContain('hunter2');
}
