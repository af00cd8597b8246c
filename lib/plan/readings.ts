/** A stretch of the run, in ms since the start of the connections. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** When target and host are read, in ms since the start of the connections. */
export interface BesidePlan {
  /** While all connections are open. */
  holds: Span[];
  totalMs: number;
}

/** A planned reading, in ms since the start of the connections. */
export interface Reading {
  atMs: number;
  /** Start of the hold that the time since the reading before lies in; null: in none. */
  holdFromMs: number | null;
}

/** Short enough for a live chart, long enough to cost neither host nor target anything. */
const READ_EVERY_MS = 5_000;

/**
 * Readings at the start and the end of each hold, and between them in equal steps of 5 s at most: so each step lies in a hold as a
 * whole or not at all.
 */
export function readingsOf({ holds, totalMs }: BesidePlan): Reading[] {
  const bounds = [...new Set([0, ...holds.flatMap(({ fromMs, toMs }) => [fromMs, toMs]), totalMs])].sort(
    (a, b) => a - b,
  );
  const readings: Reading[] = [{ atMs: 0, holdFromMs: null }];
  for (const [i, toMs] of bounds.slice(1).entries()) {
    const fromMs = bounds[i] as number;
    const hold = holds.find((span) => span.fromMs <= fromMs && toMs <= span.toMs);
    const steps = Math.ceil((toMs - fromMs) / READ_EVERY_MS);
    for (let step = 1; step <= steps; step++) {
      readings.push({
        atMs: Math.round(fromMs + ((toMs - fromMs) * step) / steps),
        holdFromMs: hold ? hold.fromMs : null,
      });
    }
  }
  return readings;
}
