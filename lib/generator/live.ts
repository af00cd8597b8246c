import type { Run } from '../plan/run.ts';

type Ramp = Pick<Run, 'connections' | 'batchSize' | 'batchDelayMs' | 'closeMs'>;

/**
 * Connections that the plan has open at a time, for the live view: whole batches, at the start of each; after the hold
 * they close at the same pace.
 *
 * @param elapsedMs - since the start of the ramp, from 0.
 */
export function connectionsDue({ connections, batchSize, batchDelayMs, closeMs }: Ramp, elapsedMs: number): number {
  const begun = (ms: number) =>
    batchDelayMs > 0 ? Math.min(connections, (Math.floor(ms / batchDelayMs) + 1) * batchSize) : connections;
  return elapsedMs < closeMs ? begun(elapsedMs) : begun(elapsedMs) - begun(elapsedMs - closeMs);
}

/**
 * The count of a metric out of the answer of k6's own `GET /v1/metrics/NAME`: the only place where a script can read
 * what its VUs have added up so far.
 *
 * @returns null when the answer has none, as before the first sample.
 */
export function countOf(answer: string): number | null {
  const match = /"sample":\s*\{[^}]*"count":\s*(-?\d+(?:\.\d+)?)/.exec(answer);
  return match ? Number(match[1]) : null;
}
