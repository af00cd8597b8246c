import { checkName } from '../metrics/words.ts';
import type { Connection, Kind, Life, Moment, Notes, Requests, Vu, Waiting } from './connection.ts';
import type { MessageFailure } from './outcome.ts';
import { rareOf } from './rare.ts';

/** The newest requests of a connection that are remembered because a reply, or a refusal, may still come. */
const MAX_REMEMBERED = 1_000;

/** What becomes of requests besides that they are answered at once. */
export function requestsOf(vu: Vu, life: Life, moment: Moment, notes: () => Notes): Requests {
  const { run, ledger } = vu;
  return {
    taken,
    expire,
    lose,
    tagsOf,
    unused,
    answeredAnyway,
    refused,
    partly,
    withhold,
    silence,
    wantsNone,
    reportPending,
    chosen,
    queue,
  };

  function taken(connection: Connection, n: number): Waiting | null {
    let before: Waiting | null = null;
    let request = connection.waiting;
    while (request !== null && request.n !== n) {
      before = request;
      request = request.next;
    }
    if (request === null) return null;
    if (before === null) connection.waiting = request.next;
    else before.next = request.next;
    return request;
  }

  function lose(connection: Connection, reason: MessageFailure): void {
    for (let request = connection.waiting; request !== null; request = connection.waiting) {
      fail(connection, request, reason);
    }
  }

  function expire(connection: Connection, now: number): void {
    for (let first = connection.waiting; first !== null && now > first.deadline; first = connection.waiting) {
      fail(connection, first, 'timeout');
    }
  }

  /** When the frame that is under way came in. */
  function arrivedAt(): number {
    return moment.event === null ? moment.at : moment.event.timestamp;
  }

  function fail(connection: Connection, request: Waiting, reason: MessageFailure): void {
    taken(connection, request.n);
    failedFor(reason, tagsOf(request));
  }

  function tagsOf({ kind, sentAt }: Waiting): Kind['tags'] {
    const { lastPhase } = vu;
    if (lastPhase === undefined || sentAt >= lastPhase.endedAt) return kind.tags;
    return { ...kind.tags, ...lastPhase.tag };
  }

  function refused(connection: Connection, n: number, word: string): void {
    expire(connection, arrivedAt());
    const request = find(connection, n);
    if (request === null) {
      if (isSentOnly(connection, n)) {
        moment.isUsed = true;
        notes().count(connection, 'refused', word);
        silence(connection, n);
      } else answeredAnyway(connection, n);
      return;
    }
    moment.isUsed = true;
    connection.readBytes = Math.max(connection.readBytes, request.sentBytes);
    notes().count(connection, 'refused', word);
    fail(connection, request, 'refused');
    silence(connection, n);
  }

  /** It can be one that wants no reply, of which none is kept, and no refusal of it came before. */
  function isSentOnly({ n: made, rare }: Connection, n: number): boolean {
    if (isRemembered(rare?.silent, n)) return false;
    if (vu.traits.awaits) return isRemembered(rare?.sentOnly, n);
    return typeof n === 'number' && n >= 1 && n <= made;
  }

  function unused({ name }: Kind): void {
    ledger.check(null, { [checkName('turn', name)]: () => false });
  }

  /**
   * What stands in a text is text, and 64 bits are a BigInt, which are like no number: a request would never be answered. An id
   * of the server's own is none of ours.
   */
  function checkNumber(connection: Connection, n: unknown): void {
    if (typeof n !== 'string' && typeof n !== 'bigint') return;
    const given = typeof n === 'string' ? 'a text' : 'a BigInt';
    if (find(connection, Number(n)) === null) {
      notes().count(connection, 'detail', `answered(), partly() or refused() got ${given} that is no request`);
      return;
    }
    throw new TypeError(
      `answered(), partly() and refused() take the number n that frames() got; got ${given}: Number() makes one of it`,
    );
  }

  function find(connection: Connection, n: number): Waiting | null {
    let request = connection.waiting;
    while (request !== null && request.n !== n) request = request.next;
    return request;
  }

  function partly(connection: Connection, n: number): void {
    expire(connection, arrivedAt());
    const request = find(connection, n);
    if (request !== null && request.hasFirst === undefined) {
      request.hasFirst = true;
      firstReply(request);
    }
    if (request === null || request.kind.request.reply === 'first') life.answered.call(connection, n);
    else moment.isUsed = true;
  }

  function firstReply(request: Waiting): void {
    if (Math.random() < run.sampleShare) {
      ledger.messages?.firstReply(Math.max(0, arrivedAt() - request.sentAt), tagsOf(request));
    }
  }

  function withhold(connection: Connection, now: number): void {
    // Of what nobody answers nothing is claimed but what was sent.
    if (!vu.traits.awaits) return;
    const { closeAt } = connection;
    while (connection.nextSendAt <= now && connection.nextSendAt < closeAt) {
      const { awaits, timeoutMs, tags } = chosen();
      if (now < closeAt && now <= connection.nextSendAt + timeoutMs) return;
      connection.nextSendAt += run.messageIntervalMs;
      if (!awaits) continue;
      ledger.messages?.sent(1, tags);
      failedFor('timeout', tags);
    }
  }

  function failedFor(reason: MessageFailure, tags: Kind['tags']): void {
    ledger.messages?.success(false, tags);
    ledger.messages?.failures(1, { reason, ...tags });
  }

  function answeredAnyway(connection: Connection, n: number): false {
    checkNumber(connection, n);
    if (isRemembered(connection.rare?.silent, n)) moment.isUsed = true;
    return false;
  }

  function silence(connection: Connection, n: number): void {
    const rare = rareOf(connection);
    rare.silent ??= new Uint32Array(MAX_REMEMBERED);
    rare.silent[n % MAX_REMEMBERED] = n;
  }

  function wantsNone(connection: Connection, n: number): void {
    const rare = rareOf(connection);
    rare.sentOnly ??= new Uint32Array(MAX_REMEMBERED);
    rare.sentOnly[n % MAX_REMEMBERED] = n;
  }

  /** Each has its place by its number, where a later one takes it: a list would be searched, and grow to four times as much. */
  function isRemembered(list: Uint32Array | null | undefined, n: number): boolean {
    return n > 0 && list?.[n % MAX_REMEMBERED] === n;
  }

  function reportPending(connection: Connection): void {
    let count = 0;
    for (let request = connection.waiting; request !== null; request = request.next) count += 1;
    if (count !== connection.pendingReported) ledger.messages?.pending(count - connection.pendingReported);
    connection.pendingReported = count;
  }

  function chosen(): Kind {
    const at = Math.random() * (vu.kinds[vu.kinds.length - 1] as Kind).weightUpTo;
    return vu.kinds.find(({ weightUpTo }) => at < weightUpTo) as Kind;
  }

  function queue(connection: Connection, request: Waiting): void {
    let before: Waiting | null = null;
    let after = connection.waiting;
    // Kinds can have timeouts of their own; mostly it belongs at the end.
    while (after !== null && after.deadline <= request.deadline) {
      before = after;
      after = after.next;
    }
    request.next = after;
    if (before === null) connection.waiting = request;
    else before.next = request;
  }
}
