import type { Run } from './run.ts';

type Ramp = Pick<Run, 'connections' | 'batchSize' | 'batchDelayMs' | 'perVu' | 'steps'>;

/**
 * The connections of a VU, by their place in the order in which all connections of the test begin, ascending.
 *
 * In one ramp a VU has those that follow one another. In steps each VU has its part of every step, in turn with the
 * others, so that all of them, and all processes of the test, have the same work at any time.
 *
 * @param vuIndex - over all processes of the test.
 */
export function placesOf({ connections, perVu, steps }: Ramp, vuIndex: number): number[] {
  const first = vuIndex * perVu;
  const count = Math.min(perVu, connections - first);
  if (steps === null) return Array.from({ length: count }, (_, i) => first + i);
  const vus = Math.ceil(connections / perVu);
  // The last VU can have fewer: once it is full, the turns go round among the others.
  const rounds = connections - (vus - 1) * perVu;
  return Array.from({ length: count }, (_, i) =>
    i < rounds ? i * vus + vuIndex : rounds * vus + (i - rounds) * (vus - 1) + vuIndex,
  );
}

/** When a connection begins, in ms since the start of the run: with its batch, and in steps with its step. */
export function beginMs({ batchSize, batchDelayMs, steps }: Omit<Ramp, 'perVu'>, place: number): number {
  if (steps === null) return Math.floor(place / batchSize) * batchDelayMs;
  const { size, eachMs } = steps;
  return Math.floor(place / size) * eachMs + Math.floor((place % size) / batchSize) * batchDelayMs;
}

/** How long after the first connection one closes, in ms: at the pace of the batches. */
export function closeAfterMs({ batchSize, batchDelayMs }: Ramp, place: number): number {
  return Math.floor(place / batchSize) * batchDelayMs;
}

/** Connections that have begun by then, whole batches at the start of each. */
export function begunBy(
  { connections, batchSize, batchDelayMs, steps }: Omit<Ramp, 'perVu'>,
  elapsedMs: number,
): number {
  const batches = (ms: number) => (batchDelayMs > 0 ? (Math.floor(ms / batchDelayMs) + 1) * batchSize : connections);
  if (steps === null) return Math.min(connections, batches(elapsedMs));
  const { size, eachMs } = steps;
  return Math.min(connections, Math.floor(elapsedMs / eachMs) * size + Math.min(size, batches(elapsedMs % eachMs)));
}
