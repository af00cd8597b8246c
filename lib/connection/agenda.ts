/** Something that wants to be looked at again at a time. */
export interface Entry {
  /** ms since the epoch. */
  at: number;
}

/**
 * The one timer of a VU that holds many connections: k6 warns of each timer that an interruption finds alive, and
 * each costs a goroutine. Entries are kept in order of time; most belong at the end.
 */
export class Agenda<E extends Entry> {
  private readonly act: (entry: E, now: number) => number;
  private readonly entries: E[] = [];
  private timer: number | null = null;
  private timerAt = 0;
  private readonly wake: () => void;

  /** @param act - does what an entry is due for; returns when it wants to be looked at again, or 0 for never. */
  constructor(act: (entry: E, now: number) => number) {
    this.act = act;
    this.wake = () => this.doDue();
  }

  add(entry: E): void {
    this.insert(entry);
    this.arm();
  }

  /** Moves an entry to another time, or takes it out (0). */
  move(entry: E, at: number): void {
    const position = this.entries.indexOf(entry);
    if (position >= 0) this.entries.splice(position, 1);
    entry.at = at;
    // Taking out leaves the timer as it is: when k6 interrupts the VU it closes all sockets, and a timer that is set
    // again then is one more line of warning for each VU.
    if (at > 0) this.add(entry);
    else if (this.entries.length === 0) this.arm();
  }

  private doDue(): void {
    this.timer = null;
    const now = Date.now();
    while (this.entries.length > 0 && (this.entries[0] as E).at <= now) {
      const entry = this.entries.shift() as E;
      const next = this.act(entry, Date.now());
      // Not again in this turn: frames that have come in must have theirs.
      entry.at = next > 0 && next <= now ? now + 1 : next;
      if (next > 0) this.insert(entry);
    }
    this.arm();
  }

  private insert(entry: E): void {
    let position = this.entries.length;
    while (position > 0 && (this.entries[position - 1] as E).at > entry.at) position -= 1;
    if (position === this.entries.length) this.entries.push(entry);
    else this.entries.splice(position, 0, entry);
  }

  private arm(): void {
    const next = this.entries[0]?.at ?? 0;
    if (next === this.timerAt && this.timer !== null) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.timerAt = next;
    if (next > 0) this.timer = setTimeout(this.wake, Math.max(0, next - Date.now())) as unknown as number;
  }
}
