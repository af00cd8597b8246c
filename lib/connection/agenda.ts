/**
 * The one timer of a VU that holds many connections: k6 warns of each timer that an interruption finds alive, and
 * each costs a goroutine.
 */
export interface Agenda<E> {
  /** @param at - when the entry is due, in ms since the epoch. */
  add(entry: E, at: number): void;
  /** Moves an entry to another time, or takes it out (0). One that is not there is added. */
  move(entry: E, at: number): void;
  /** Moves an entry to an earlier time; one that is due before that stays where it is, one that is not there is added. */
  sooner(entry: E, at: number): void;
  /**
   * What is due seldom, apart from the entries: among them it would be in the way of those that go round.
   *
   * @param at - when to call, in ms since the epoch.
   * @param ring - returns when it wants to be called again, or 0 for never. Until then there is a timer, which keeps
   *   the VU busy even when no entry is left.
   */
  alarm(at: number, ring: (now: number) => number): void;
}

/** Of k6. */
export type Timers = Pick<typeof globalThis, 'setTimeout' | 'clearTimeout'>;

/**
 * Entries lie in a ring, in order of time from its head on. In the hold each one asks for a time after all others: then
 * only the head moves, since cutting a list costs k6's JavaScript engine more than all else that is done here. Its times
 * are in a list of their own and all are variables, not properties, for the same reason.
 *
 * @param act - does what an entry is due for; returns when it wants to be looked at again, or 0 for never.
 * @param timers - read once: a name that is not ours takes a search through all scopes.
 */
export function agendaOf<E>(act: (entry: E, now: number) => number, timers: Timers = globalThis): Agenda<E> {
  const { setTimeout, clearTimeout } = timers;
  const entries: E[] = [];
  /** When each entry is due, in ms since the epoch. */
  const times: number[] = [];
  let head = 0;
  let timer: number | null = null;
  let timerAt = 0;
  let alarmAt = 0;
  let ring: (now: number) => number = () => 0;
  const clock = Date.now;

  function add(entry: E, at: number): void {
    insert(entry, at);
    arm(clock());
  }

  function move(entry: E, at: number): void {
    const position = entries.indexOf(entry);
    if (position >= 0) remove(position);
    // Taking out leaves the timer as it is: when k6 interrupts the VU it closes all sockets, and a timer that is set
    // again then is one more line of warning for each VU.
    if (at > 0) add(entry, at);
    else if (entries.length === 0 && alarmAt === 0) arm(clock());
  }

  function sooner(entry: E, at: number): void {
    const position = entries.indexOf(entry);
    // The one that acts now says by itself when it wants to come again.
    if (position >= 0 && (times[position] as number) <= at) return;
    move(entry, at);
  }

  function alarm(at: number, call: (now: number) => number): void {
    alarmAt = at;
    ring = call;
    arm(clock());
  }

  function doDue(): void {
    timer = null;
    const turn = clock();
    if (alarmAt > 0 && alarmAt <= turn) alarmAt = ring(turn);
    let now = turn;
    while (entries.length > 0 && (times[head] as number) <= turn) {
      const entry = entries[head] as E;
      // Whatever is added while it acts comes after it.
      times[head] = 0;
      const next = act(entry, now);
      now = clock();
      if (entries[head] !== entry) continue;
      // Not again in this turn: frames that have come in must have theirs.
      const at = next > 0 && next <= turn ? turn + 1 : next;
      const { length } = times;
      if (at > 0 && (times[head === 0 ? length - 1 : head - 1] as number) <= at) {
        times[head] = at;
        head = head + 1 === length ? 0 : head + 1;
      } else {
        remove(head);
        if (at > 0) insert(entry, at);
      }
    }
    arm(now);
  }

  /** Before the first entry that is due later. */
  function insert(entry: E, at: number): void {
    const { length } = times;
    let low = 0;
    for (let high = length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((times[(head + middle) % length] as number) > at) high = middle;
      else low = middle + 1;
    }
    let position = head + low;
    if (position > length) {
      position -= length;
      head += 1;
    }
    entries.splice(position, 0, entry);
    times.splice(position, 0, at);
  }

  function remove(position: number): void {
    entries.splice(position, 1);
    times.splice(position, 1);
    if (position < head) head -= 1;
    if (head === times.length) head = 0;
  }

  function arm(now: number): void {
    const first = times.length > 0 ? (times[head] as number) : 0;
    const next = first > 0 && (alarmAt === 0 || first < alarmAt) ? first : alarmAt;
    if (timer !== null) {
      if (next === timerAt) return;
      clearTimeout(timer);
      timer = null;
    }
    timerAt = next;
    if (next > 0) timer = setTimeout(doDue, next > now ? next - now : 0) as unknown as number;
  }

  return { add, move, sooner, alarm };
}
