import type { Connection, FanOut, Moment, Notes, Vu } from './connection.ts';
import { rareOf } from './rare.ts';

/**
 * Receivers that add a sample each to `ws_delivery_success` for one request, at most about. k6's Rate takes one sample at
 * a time, so the sender of a request to 10,000 would add 10,000: both sides then count each k-th, and k is in the stamp.
 * With fewer samples a connection that has a VU to itself gets only a handful in a short run, and what each VU carries over
 * at its end was seen to move the share by over half a per cent.
 */
const SAMPLES_PER_REQUEST = 1_000;

/** A stamp is this, then sender, n, time and divisor, in a run in steps the step, each with a point behind it. */
const MARK = 'k6s.';
const LONGEST_STAMP = 60;

/** Senders that a connection keeps apart to know doubles; of more, the longest known is forgotten. */
const MAX_SENDERS = 1_000;
/** Stamps of one sender that can overtake each other and are still told from doubles. */
const WINDOW = 32;
const TOO_LATE = 'a delivery came too late to be told from a double';

/**
 * Requests that many connections are to receive. VUs share nothing, so the sender writes down how many receivers there
 * should be and each receiver what it got: `ws_delivery_success` gets `reach` false samples from the sender and a true
 * one for each delivery, its rate is d / (d + e), and a share of s delivered is the threshold rate > s / (1 + s).
 *
 * Of a large reach both sides add only each k-th sample, and carry the rest over to the next: that is exact to one sample
 * for each VU, where choosing receivers by chance would add its own spread. The carry begins at random, so that rests
 * that are never added cancel out. `ws_deliveries_expected` and `ws_deliveries` count all.
 *
 * A stamp says whether it counts: only what is sent while all who should receive are up (run.countFromMs, countToMs; in
 * steps, for the step that it is sent in). Which step that is stands in it, too: processes do not begin at the same moment.
 */
export function fanOutOf(vu: Vu, moment: Moment, notes: () => Notes): FanOut {
  const { run, ledger, startedAt } = vu;
  let reach = 0;
  /** null: the request under way has no reach. */
  let divisor: number | null = null;
  /** Of the step of the request under way. */
  let tag: Record<string, string> | undefined;
  let isStamped = false;
  let expectedRest = Math.random();
  let deliveredRest = Math.random();
  return { begin, sent, stamp, delivered };

  function begin(connection: Connection, asked: number | ((session: never) => number)): void {
    reach = typeof asked === 'function' ? asked(connection as never) : asked;
    if (!(Number.isInteger(reach) && reach >= 0)) {
      const shown = typeof reach === 'string' ? JSON.stringify(reach) : String(reach);
      throw new RangeError(`reach is ${shown}: expected a whole number of connections, for example 10`);
    }
    const elapsed = moment.at - startedAt;
    tag = vu.judgedStep?.(elapsed);
    const counts =
      vu.judgedStep === undefined ? elapsed >= run.countFromMs && elapsed < run.countToMs : tag !== undefined;
    divisor = counts ? Math.max(1, Math.round(reach / SAMPLES_PER_REQUEST)) : 0;
    isStamped = false;
  }

  function sent(kind: string | null): void {
    const receivers = reach;
    const each = divisor;
    reach = 0;
    divisor = null;
    if (kind === null) return;
    if (!isStamped) throw new Error(`request ${kind} has a reach but no stamp: put session.stamp(n) into its frames`);
    if (each === null || each === 0) return;
    ledger.deliveries?.expected(receivers, tag);
    expectedRest += receivers / each;
    for (; expectedRest >= 1; expectedRest -= 1) ledger.deliveries?.success(false, tag);
  }

  function stamp({ index }: Connection, n: number): string {
    isStamped = true;
    // Where nothing has a reach, each delivery is counted; beside requests that have one it would not be expected.
    const own = divisor === null || tag === undefined ? '' : `${tag['step']}.`;
    return `${MARK}${index}.${n}.${moment.at}.${divisor ?? (vu.traits.hasReach ? 0 : 1)}.${own}`;
  }

  function delivered(connection: Connection, text: string): boolean {
    if (typeof text !== 'string') {
      const given = text === null ? 'null' : typeof text;
      throw new TypeError(`delivered() takes the text that holds the stamp; got ${given}`);
    }
    let isAny = false;
    // By hand: the first regular expression that a VU uses costs it 90 KB.
    for (let from = text.indexOf(MARK); from >= 0; from = text.indexOf(MARK, from + 1)) {
      const parts = text.slice(from, from + LONGEST_STAMP).split('.', 7);
      if (parts.length < 6) continue;
      const sender = Number(parts[1]);
      const n = Number(parts[2]);
      const time = Number(parts[3]);
      const each = Number(parts[4]);
      // A server can change what it passes on: a divisor of 1e-300 would have this side add samples for ever.
      const isWhole =
        Number.isInteger(sender) && Number.isInteger(n) && Number.isInteger(time) && Number.isInteger(each);
      if (!(isWhole && sender >= 0 && sender < run.connections && n > 0 && time > 0 && each >= 0)) continue;
      isAny = true;
      receive(connection, sender, n, time, each, Number(parts[5]));
    }
    if (isAny) moment.isUsed = true;
    return isAny;
  }

  function receive(connection: Connection, sender: number, n: number, time: number, each: number, step: number): void {
    const since = Math.max(rareOf(connection).readyAt, connection.begunAt);
    if (each === 0 || time < since || connection.phase === 'login') return;
    const came = cameAs(connection, sender, n);
    if (came === 'late') notes().count(connection, 'detail', TOO_LATE);
    if (came === 'double') ledger.deliveries?.duplicate(1);
    if (came !== 'first') return;
    const own = isStep(step) ? { step: String(step) } : vu.judgedStep?.(time - startedAt);
    ledger.deliveries?.delivered(1, own);
    if (Math.random() < run.sampleShare) {
      // Not below 0 only: clocks that differ must show.
      ledger.deliveries?.time((moment.event === null ? moment.at : moment.event.timestamp) - time, own);
    }
    if (!vu.traits.hasReach) return;
    deliveredRest += 1 / each;
    for (; deliveredRest >= 1; deliveredRest -= 1) ledger.deliveries?.success(true, own);
  }

  /** Whether it is one of this run: a server can change what it passes on, and each tag is kept for good. */
  function isStep(step: number): boolean {
    const { steps, connections } = run;
    return steps !== null && step > 0 && (step === connections || (step < connections && step % steps.size === 0));
  }

  /** Whether this stamp has come before; by the newest of its sender and a window of those before it, as in RFC 4303, 3.4.3. */
  function cameAs(connection: Connection, sender: number, n: number): 'first' | 'double' | 'late' {
    const rare = rareOf(connection);
    rare.seen ??= { bySender: {}, senders: [] };
    const { bySender, senders } = rare.seen;
    // The newest and its window in one number: n * 2^32 + a bit for each of the 32 from it downwards.
    const packed = bySender[sender];
    const size = 2 ** WINDOW;
    const newest = packed === undefined ? 0 : Math.floor(packed / size);
    const bits = packed === undefined ? 0 : (packed % size) >>> 0;
    if (packed === undefined) {
      senders.push(sender);
      if (senders.length > MAX_SENDERS) delete bySender[senders.shift() as number];
    }
    if (n > newest) {
      const shift = n - newest;
      const moved = shift >= WINDOW ? 0 : (bits << shift) >>> 0;
      bySender[sender] = n * size + ((moved | 1) >>> 0);
      return 'first';
    }
    const back = newest - n;
    if (back >= WINDOW) return 'late';
    const bit = (1 << back) >>> 0;
    if ((bits & bit) !== 0) return 'double';
    bySender[sender] = newest * size + ((bits | bit) >>> 0);
    return 'first';
  }
}
