import type exec from 'k6/execution';
import type http from 'k6/http';
import type { Add } from '../connection/ledger.ts';
import type { Watched } from '../plan/options.ts';
import type { Run } from '../plan/run.ts';
import { shareOf } from '../plan/segment.ts';
import { isOwn } from './identity.ts';
import { addLiveFigures, READ_TEXT } from './live.ts';

/** What is needed of k6, handed in: only the VUs that can be asked to watch have it (12 KB of live heap each). */
export interface K6Parts {
  http: typeof http;
  exec: typeof exec;
  sleep: (seconds: number) => void;
  generatorIdentity: Add;
  generatorMemory: Add;
  connectionsNow: Add;
  connectionsDue: Add;
}

/** Long enough to cost little (20 to 50 ms of k6 for a profile of 10,000 connections), short enough for a live chart. */
const WATCH_INTERVAL_MS = 5_000;

/**
 * Adds k6's peak resident memory to `generator_memory`, from the end of its heap profile (`# MaxRSS = bytes`; on
 * Windows the peak working set).
 *
 * @param address - where this k6 serves it, which isOwn() has proved: `--address` with `--profiling-enabled`.
 * @returns whether it could be read.
 */
export function readPeakMemory({ http, generatorMemory }: K6Parts, address: string): boolean {
  try {
    const profile = http.get(`http://${address}/debug/pprof/heap?debug=1`, READ_TEXT).body as string;
    const bytes = Number(/# MaxRSS = (\d+)/.exec(profile)?.[1] ?? 0);
    if (bytes > 0) generatorMemory(bytes);
    return bytes > 0;
  } catch {
    return false;
  }
}

/** Reads the memory once, at the end of a test; not that of another k6. */
export function readLastMemory(k6: K6Parts, address: string): void {
  if (isOwn(k6, address)) readPeakMemory(k6, address);
}

/** Reads the memory now and then until `endMs` after the start of its scenario; ends at once if it cannot. */
export function watchMemory(k6: K6Parts, address: string, endMs: number): void {
  const end = k6.exec.scenario.startTime + endMs;
  while (readPeakMemory(k6, address) && Date.now() + WATCH_INTERVAL_MS < end) k6.sleep(WATCH_INTERVAL_MS / 1000);
}

/** Like watchMemory(), of this k6 alone, and each second the live figures of a batched ramp (live.ts). */
export function watchRun(k6: K6Parts, run: Watched<Run>): void {
  const startTime = k6.exec.scenario.startTime + run.leadMs;
  if (!isOwn(k6, run.generatorAddress)) return;
  const rest = startTime - Date.now();
  if (rest > 0) k6.sleep(rest / 1_000);
  const share = shareOf(k6.exec.test.options, run.connections, run.perVu);
  for (let second = 0; Date.now() + 1_000 < startTime + run.totalMs; second++) {
    const isReading = (second * 1_000) % WATCH_INTERVAL_MS === 0;
    if (isReading && !readPeakMemory(k6, run.generatorAddress)) return;
    addLiveFigures(k6, run, share.connections, Date.now() - startTime);
    k6.sleep(1);
  }
}
