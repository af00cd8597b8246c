/**
 * The one timer of a VU that holds many connections: k6 warns of each timer that an interruption finds alive, and
 * each costs a goroutine. Entries are kept in order of time; in the hold each goes from the front to the end.
 */
export class Agenda<E> {
  private readonly act: (entry: E, now: number) => number;
  private readonly entries: E[] = [];
  /** When each entry is due, in ms since the epoch: in a list of its own, since reading it in 100 entries costs more. */
  private readonly times: number[] = [];
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

  /** @param at - when the entry is due, in ms since the epoch. */
  add(entry: E, at: number): void {
    this.insert(entry, at);
    this.arm(Date.now());
  }

  /** Has a timer until then even when nothing is left to do, which keeps the VU busy. */
  keepUntil(at: number): void {
    this.endAt = at;
    this.arm(Date.now());
  }

  /** Moves an entry to another time, or takes it out (0). */
  move(entry: E, at: number): void {
    const { entries, times } = this;
    const position = entries.indexOf(entry);
    if (position >= 0) {
      entries.splice(position, 1);
      times.splice(position, 1);
    }
    // Taking out leaves the timer as it is: when k6 interrupts the VU it closes all sockets, and a timer that is set
    // again then is one more line of warning for each VU.
    if (at > 0) this.add(entry, at);
    else if (entries.length === 0) this.arm(Date.now());
  }

  private doDue(): void {
    const { act, clock, entries, times } = this;
    this.timer = null;
    const turn = clock();
    let now = turn;
    while (times.length > 0 && (times[0] as number) <= turn) {
      const entry = entries.shift() as E;
      times.shift();
      const next = act(entry, now);
      now = clock();
      // Not again in this turn: frames that have come in must have theirs.
      if (next > 0) this.insert(entry, next <= turn ? turn + 1 : next);
    }
    if (this.endAt <= now) this.endAt = 0;
    this.arm(now);
  }

  private insert(entry: E, at: number): void {
    const { entries, times } = this;
    const { length } = times;
    if (length === 0 || (times[length - 1] as number) <= at) {
      entries.push(entry);
      times.push(at);
      return;
    }
    let low = 0;
    for (let high = length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((times[middle] as number) > at) high = middle;
      else low = middle + 1;
    }
    entries.splice(low, 0, entry);
    times.splice(low, 0, at);
  }

  private arm(now: number): void {
    const next = this.times[0] ?? this.endAt;
    if (this.timer !== null) {
      if (next === this.timerAt) return;
      clearTimeout(this.timer);
      this.timer = null;
    }
    this.timerAt = next;
    if (next > 0) this.timer = setTimeout(this.wake, next > now ? next - now : 0) as unknown as number;
  }
}
