/** Drops that lie no further apart belong to one outage, in ms. */
export const QUIET_MS = 2_000;

/** So many of a VU's clients of one server have to be dropped within QUIET_MS: fewer are single drops. */
const SHARE = 0.05;

/** Outages that a VU tells apart, for each server: each has names of its own in k6 (report/outages.ts). */
const MAX_OUTAGES = 50;

/** Many drops at one time. */
export interface Burst {
  /** Of its first drop, in ms since the epoch. */
  at: number;
  lastAt: number;
}

/** One client that was dropped. */
export interface Dropped {
  /** null: a single drop, as far as is known now. */
  burst: Burst | null;
  /** When it was dropped last, in ms since the epoch; 0: never. */
  droppedAt: number;
}

/**
 * Finds the outages of one server among the drops of one VU's clients: many drops within two seconds. A server that lets
 * go of one now and then has none. Takes the same time for each drop, however many clients there are.
 *
 * @param clients - of the server in this VU.
 * @returns to be called upon each drop; sets `burst` of this one and of those shortly before it.
 */
export function burstsOf(clients: number): (dropped: Dropped, now: number) => void {
  const enough = Math.min(clients, Math.max(2, Math.ceil(clients * SHARE)));
  /** Drops in order; those from `head` on are recent. */
  let drops: { dropped: Dropped; at: number }[] = [];
  let head = 0;
  /** Clients among the recent drops. */
  let different = 0;
  let isDense = false;
  let last: Burst | null = null;
  let count = 0;

  return (dropped, now) => {
    forget(now);
    // One that is dropped again and again is one.
    if (dropped.droppedAt === 0 || now - dropped.droppedAt > QUIET_MS) different += 1;
    dropped.droppedAt = now;
    dropped.burst = null;
    drops.push({ dropped, at: now });
    if (different < enough) {
      isDense = false;
      return;
    }
    if (last === null || now - last.lastAt > QUIET_MS) {
      count += 1;
      last = { at: (drops[head] as { at: number }).at, lastAt: now };
      isDense = false;
    }
    last.lastAt = now;
    if (count > MAX_OUTAGES) return;
    // Those before it have theirs, unless it began with this one.
    for (let i = isDense ? drops.length - 1 : head; i < drops.length; i++) {
      const other = (drops[i] as { dropped: Dropped }).dropped;
      other.burst ??= last;
    }
    isDense = true;
  };

  function forget(now: number): void {
    for (; head < drops.length; head++) {
      const { dropped, at } = drops[head] as { dropped: Dropped; at: number };
      if (now - at <= QUIET_MS) break;
      if (dropped.droppedAt === at) different -= 1;
    }
    if (head < 1_000) return;
    drops = drops.slice(head);
    head = 0;
  }
}
