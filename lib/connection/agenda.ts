/** What is to be done at a time. */
export interface Entry {
  /** ms since the epoch. */
  at: number;
  /** Does it; returns when it wants to be done again, or 0 for never. */
  act: (now: number) => number;
}

/**
 * The one timer of a VU that holds many connections: k6 warns of each timer that an interruption finds alive, and
 * each costs a goroutine. Entries are kept in order of time; most belong at the end.
 */
export class Agenda {
  private readonly entries: Entry[] = [];
  private timer: number | null = null;
  private timerAt = 0;

  add(entry: Entry): void {
    this.insert(entry);
    this.arm();
  }

  /** Moves an entry to another time, or takes it out (0). */
  move(entry: Entry, at: number): void {
    const position = this.entries.indexOf(entry);
    if (position >= 0) this.entries.splice(position, 1);
    entry.at = at;
    if (at > 0) this.add(entry);
    else this.arm();
  }

  private wake(): void {
    this.timer = null;
    for (let now = Date.now(); this.entries.length > 0 && (this.entries[0] as Entry).at <= now; now = Date.now()) {
      const entry = this.entries.shift() as Entry;
      entry.at = entry.act(now);
      if (entry.at > 0) {
        // At the earliest in the next millisecond: nothing may keep this loop, and with it the frames, waiting.
        entry.at = Math.max(entry.at, now + 1);
        this.insert(entry);
      }
    }
    this.arm();
  }

  private insert(entry: Entry): void {
    let position = this.entries.length;
    while (position > 0 && (this.entries[position - 1] as Entry).at > entry.at) position -= 1;
    this.entries.splice(position, 0, entry);
  }

  private arm(): void {
    const next = this.entries[0]?.at ?? 0;
    if (next === this.timerAt && this.timer !== null) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.timerAt = next;
    if (next > 0) this.timer = setTimeout(() => this.wake(), Math.max(0, next - Date.now())) as unknown as number;
  }
}
