/** Something that wants to be looked at again at a time. */
export interface Entry {
  /** ms since the epoch. */
  at: number;
}

/**
 * The one timer of a VU that holds many connections: k6 warns of each timer that an interruption finds alive, and
 * each costs a goroutine. Entries are kept in order of time; in the hold each goes from the front to the end.
 */
export class Agenda<E extends Entry> {
  private readonly act: (entry: E, now: number) => number;
  private readonly entries: E[] = [];
  private timer: number | null = null;
  private timerAt = 0;
  private endAt = 0;
  private readonly wake: () => void;
  /** Read once: a name that is not ours takes a search through all scopes. */
  private readonly clock = Date.now;

  /** @param act - does what an entry is due for; returns when it wants to be looked at again, or 0 for never. */
  constructor(act: (entry: E, now: number) => number) {
    this.act = act;
    this.wake = () => this.doDue();
  }

  add(entry: E): void {
    this.insert(entry);
    this.arm(Date.now());
  }

  /** Has a timer until then even when nothing is left to do, which keeps the VU busy. */
  keepUntil(at: number): void {
    this.endAt = at;
    this.arm(Date.now());
  }

  /** Moves an entry to another time, or takes it out (0). */
  move(entry: E, at: number): void {
    const position = this.entries.indexOf(entry);
    if (position >= 0) this.entries.splice(position, 1);
    entry.at = at;
    // Taking out leaves the timer as it is: when k6 interrupts the VU it closes all sockets, and a timer that is set
    // again then is one more line of warning for each VU.
    if (at > 0) this.add(entry);
    else if (this.entries.length === 0) this.arm(Date.now());
  }

  private doDue(): void {
    const { act, clock, entries } = this;
    this.timer = null;
    const turn = clock();
    let now = turn;
    for (let entry = entries[0]; entry !== undefined && entry.at <= turn; entry = entries[0]) {
      entries.shift();
      const next = act(entry, now);
      now = clock();
      // Not again in this turn: frames that have come in must have theirs.
      entry.at = next > 0 && next <= turn ? turn + 1 : next;
      if (next > 0) this.insert(entry);
    }
    if (this.endAt <= now) this.endAt = 0;
    this.arm(now);
  }

  private insert(entry: E): void {
    const { entries } = this;
    const { at } = entry;
    const last = entries[entries.length - 1];
    if (last === undefined || last.at <= at) {
      entries.push(entry);
      return;
    }
    let low = 0;
    for (let high = entries.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((entries[middle] as E).at > at) high = middle;
      else low = middle + 1;
    }
    entries.splice(low, 0, entry);
  }

  private arm(now: number): void {
    const first = this.entries[0];
    const next = first === undefined ? this.endAt : first.at;
    if (this.timer !== null) {
      if (next === this.timerAt) return;
      clearTimeout(this.timer);
      this.timer = null;
    }
    this.timerAt = next;
    if (next > 0) this.timer = setTimeout(this.wake, next > now ? next - now : 0) as unknown as number;
  }
}
