/** A figure's reading in time: what it was then, and in which hold the time since the last reading lies. */
export interface Moment {
  /** In ms since the epoch. */
  atMs: number;
  /** Start of that hold in ms since the epoch; null: it is none of a hold. */
  holdFromMs: number | null;
}

/** What follows from a reading. */
export interface Pace {
  /** Per second since the last reading; null: there was none, or the counter began anew. */
  now: number | null;
  /** Per second over the hold so far; null: as yet none of it. */
  hold: number | null;
  /** The counter went back: its process was started anew. */
  isNew: boolean;
}

/** The reading for the start of a hold may be this much earlier, in ms: the first of all is, where the run begins with one. */
const EARLY_MS = 250;

/** Of less time a pace says nothing: k6 can come to two answers at once, after it was short of CPU. */
const SHORTEST_MS = 1_000;

/** A counter that only grows, read now and then: gives its pace. */
export function running(): (count: number, moment: Moment) => Pace {
  let last: { count: number; atMs: number } | null = null;
  /** One so soon after that that it says nothing of a pace; after a short ramp it is the one at which the hold begins. */
  let between: { count: number; atMs: number } | null = null;
  let holdCount = 0;
  let holdMs = 0;
  return (count, { atMs, holdFromMs }) => {
    const before = last;
    const isNew = before !== null && count < before.count;
    if (before !== null && !isNew && atMs - before.atMs < SHORTEST_MS) {
      between = { count, atMs };
      return { now: null, hold: held(), isNew };
    }
    const heldFrom = [before, between].find(
      (one) => one !== null && one.count <= count && holdFromMs !== null && one.atMs >= holdFromMs - EARLY_MS,
    );
    last = { count, atMs };
    between = null;
    if (before === null || isNew) return { now: null, hold: held(), isNew };
    if (heldFrom && atMs - heldFrom.atMs >= SHORTEST_MS) {
      holdCount += count - heldFrom.count;
      holdMs += atMs - heldFrom.atMs;
    }
    return { now: ((count - before.count) / (atMs - before.atMs)) * 1_000, hold: held(), isNew };
  };

  function held(): number | null {
    return holdMs > 0 ? (holdCount / holdMs) * 1_000 : null;
  }
}
