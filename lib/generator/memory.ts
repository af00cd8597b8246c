import type exec from 'k6/execution';
import type http from 'k6/http';
import type { Add } from '../connection/ledger.ts';
import type { Watched } from '../plan/options.ts';
import type { Run } from '../plan/run.ts';
import { shareOf } from '../plan/segment.ts';
import { addLiveFigures, READ_TEXT } from './live.ts';

/** What is needed of k6, handed in: only the VUs that can be asked to watch have it (12 KB of live heap each). */
export interface K6Parts {
  http: typeof http;
  exec: typeof exec;
  sleep: (seconds: number) => void;
  generatorMemory: Add;
  connectionsNow: Add;
  connectionsDue: Add;
}

/** Long enough to cost little (20 to 50 ms of k6 for a profile of 10,000 connections), short enough for a live chart. */
const WATCH_INTERVAL_MS = 5_000;

/**
 * k6 lets its heap grow to twice what is alive before it collects the garbage. So each so often a reading asks for a
 * collection: 10,000 connections on 100 VUs then take 780 MB instead of 920, and 10,000 VUs in a hold of 20 minutes 2 GB
 * instead of 2.4. The first costs about 0.45 s of CPU, the second 2 s.
 */
const COLLECT_INTERVAL_MS = 8_000;

/** A collection that took long is followed by this many times as long without one: it takes CPU from the test. */
const COLLECT_PAUSE = 25;

/** After the last batch has begun: by then a healthy server has accepted it, and what the handshakes left is garbage. */
const SETTLE_MS = 5_000;

/**
 * Adds k6's peak resident memory to `generator_memory`, from the end of its heap profile (`# MaxRSS = bytes`; on
 * Windows the peak working set).
 *
 * @param address - where this k6 was told to serve it: `--address` with `--profiling-enabled`.
 * @param vus - VUs of this process: another k6 that serves at the address most likely has another number of them.
 * @param collects - has k6 collect its garbage before.
 * @returns whether it could be read.
 */
export function readPeakMemory(
  { http, generatorMemory }: K6Parts,
  address: string,
  vus: number,
  collects = false,
): boolean {
  const get = (path: string) => http.get(`http://${address}${path}`, READ_TEXT).body as string;
  try {
    if (!get('/v1/status').includes(`"vus-max":${vus},`)) return false;
    const bytes = Number(/# MaxRSS = (\d+)/.exec(get(`/debug/pprof/heap?debug=1${collects ? '&gc=1' : ''}`))?.[1] ?? 0);
    if (bytes > 0) generatorMemory(bytes);
    return bytes > 0;
  } catch {
    return false;
  }
}

/** Reads the memory now and then until `endMs` after the start of its scenario; ends at once if it cannot. */
export function watchMemory(k6: K6Parts, address: string, endMs: number): void {
  const end = k6.exec.scenario.startTime + endMs;
  while (readPeakMemory(k6, address, k6.exec.instance.vusInitialized) && Date.now() + WATCH_INTERVAL_MS < end) {
    k6.sleep(WATCH_INTERVAL_MS / 1000);
  }
}

/**
 * Like watchMemory(), and each second the live figures of a batched ramp (live.ts). Has k6 collect the garbage of the
 * ramp when the hold begins, and later each so often.
 */
export function watchRun(k6: K6Parts, run: Watched<Run>): void {
  k6.sleep(run.leadMs / 1_000);
  const startTime = k6.exec.scenario.startTime + run.leadMs;
  const share = shareOf(k6.exec.test.options, run.connections, run.perVu);
  const vus = k6.exec.instance.vusInitialized;
  let collectAtMs = run.rampMs + SETTLE_MS;
  for (let second = 0; Date.now() + 1_000 < startTime + run.totalMs; second++) {
    const elapsedMs = second * 1_000;
    const collects = elapsedMs >= collectAtMs && elapsedMs < run.closeMs;
    if (collects || elapsedMs % WATCH_INTERVAL_MS === 0) {
      const askedAt = Date.now();
      if (!readPeakMemory(k6, run.generatorAddress, vus, collects)) return;
      if (collects) collectAtMs = elapsedMs + Math.max(COLLECT_INTERVAL_MS, COLLECT_PAUSE * (Date.now() - askedAt));
    }
    addLiveFigures(k6, run, share.connections, Date.now() - startTime);
    k6.sleep(1);
  }
}
