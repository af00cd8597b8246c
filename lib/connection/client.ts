import { checkName, type WordKind } from '../metrics/words.ts';
import { backoffMs } from './backoff.ts';
import { burstsOf, type Dropped } from './bursts.ts';
import type { Clients, ComesBack, Connection, Vu } from './connection.ts';
import { directoryOf } from './directory.ts';

/** Servers that are told apart, where WS_URL names several; more are taken as one. */
const MAX_TARGETS = 20;

/** Times in the names of checks are counted in steps of so much of their value: k6 keeps each name. */
const TIME_STEP = 1.02;

/** One of a VU's clients: it has a connection now, or none for a while. */
interface Client extends Dropped {
  closeAt: number;
  /** The conversation's own, as the connection before left it. */
  state: unknown;
  /** Requests made so far, over all its connections. */
  n: number;
  attempts: number;
  /** Attempts before its outage. */
  attemptsBefore: number;
  /** Waits in a row, each longer than the one before. */
  waits: number;
  /** In which its attempt began, in seconds since the epoch. */
  second: number;
  /** Why it has no connection. */
  reason: string;
  wasEstablished: boolean;
  wasReady: boolean;
  /** Since when it is ready, in ms since the epoch; 0: it is not. */
  readyAt: number;
  readyMs: number;
  /** When its outage began; 0: it is in none. One that is ready again is in it until it has been so for long enough. */
  downAt: number;
  /** When its next request was due as it was dropped; 0: it makes none. */
  dueAt: number;
}

/** When clientsOf() wants to be called, in ms since the epoch. */
export interface Wake {
  /** Is to call attempt() for the client. */
  again(index: number, at: number): void;
  /** Is to call settle(); 0: no longer. */
  settle(at: number): void;
}

/**
 * The clients of one VU. Each connection keeps its own books; here are those of the clients: one that fails or is dropped
 * comes back after a wait, until its planned end. Pure: time comes in by `clock`, samples go out.
 *
 * @param first - the VU's clients are the places in the ramp from this one to below `end`.
 */
export function clientsOf(
  vu: Vu,
  { plan, ledger }: ComesBack,
  clock: () => number,
  wake: Wake,
  first: number,
  end: number,
): Clients {
  const { run, startedAt, kinds } = vu;
  const { urls } = directoryOf(vu);
  const targets = urls.length > MAX_TARGETS ? 1 : urls.length;
  const clients = Array.from({ length: end - first }, (_, i) => clientAt(first + i));
  const dropped = Array.from({ length: targets }, () => burstsOf(Math.ceil((end - first) / targets)));
  /** Those that are ready again, but not for long enough to be called back, in the order in which they became ready. */
  const unproved = new Set<number>();
  return { attempt, settle, isFirst, previous, madeBefore, established, ready, failed, closed };

  function clientAt(index: number): Client {
    return {
      closeAt: startedAt + run.closeMs + Math.floor(index / run.batchSize) * run.batchDelayMs,
      state: undefined,
      n: 0,
      attempts: 1,
      attemptsBefore: 0,
      waits: 0,
      second: 0,
      reason: '',
      wasEstablished: false,
      wasReady: false,
      readyAt: 0,
      readyMs: 0,
      downAt: 0,
      dueAt: 0,
      burst: null,
      droppedAt: 0,
    };
  }

  function of(index: number): Client {
    return clients[index - first] as Client;
  }

  function attempt(index: number): boolean {
    const client = of(index);
    const now = clock();
    if (now >= client.closeAt) {
      stayDown(index, client);
      return false;
    }
    client.attempts += 1;
    const { herdStepSeconds } = plan;
    client.second = Math.floor(now / 1_000 / herdStepSeconds) * herdStepSeconds;
    vu.ledger.attempts.attempts(1);
    vu.ledger.attempts.pending(1);
    ledger.attempts(1);
    return true;
  }

  function isFirst(index: number): boolean {
    return of(index).attempts === 1;
  }

  function previous(index: number): unknown {
    return of(index).state;
  }

  function madeBefore(index: number): number {
    return of(index).n;
  }

  function established({ index }: Connection): boolean {
    const client = of(index);
    if (client.attempts > 1) write('herd', String(client.second), true);
    const isItsFirst = !client.wasEstablished;
    client.wasEstablished = true;
    return isItsFirst;
  }

  function ready({ index }: Connection, now: number): void {
    const client = of(index);
    client.readyAt = now;
    ledger.ready(1);
    if (!client.wasReady) ledger.connected(true);
    client.wasReady = true;
    if (client.downAt === 0) return;
    withhold(client, now);
    if (unproved.size === 0) wake.settle(now + plan.fromMs);
    unproved.add(index);
  }

  function settle(now: number): number {
    for (const index of unproved) {
      const at = of(index).readyAt + plan.fromMs;
      if (at > now) return at;
      endOutage(index, of(index));
      unproved.delete(index);
    }
    return 0;
  }

  function failed(connection: Connection, reason: string, wasOpen: boolean): void {
    const { index } = connection;
    const client = of(index);
    const now = clock();
    if (connection.state !== undefined) client.state = connection.state;
    client.n = connection.n;
    client.reason = reason;
    if (!wasOpen && client.attempts > 1) write('herd', String(client.second), false);
    if (client.readyAt > 0) drop(connection, client, now);
    if (plan.maxAttempts !== null && client.attempts - client.attemptsBefore >= plan.maxAttempts) {
      ledger.givenUp(1);
      finish(index, client, false);
      return;
    }
    const at = now + backoffMs(plan, client.waits, Math.random);
    client.waits += 1;
    if (at >= client.closeAt) stayDown(index, client);
    else wake.again(index, at);
  }

  /** It was ready and is no more: an outage of this client begins, or goes on. */
  function drop(connection: Connection, client: Client, now: number): void {
    // Else a server that lets everybody in and throws them out at once would be called upon without a rest, and no outage
    // of it would last longer than until the next login.
    if (unready(connection.index, client, now)) client.waits = 0;
    client.dueAt = kinds.length > 0 ? connection.nextSendAt : 0;
    if (client.downAt > 0) return;
    client.downAt = now;
    client.attemptsBefore = client.attempts;
    ledger.outages(1);
    ledger.outagesOpen(1);
    dropped[connection.index % targets]?.(client, now);
  }

  function closed({ index }: Connection): void {
    const client = of(index);
    unready(index, client, clock());
    finish(index, client, true);
  }

  /**
   * It is ready no more.
   *
   * @returns whether it was for long enough: as long as its first wait, or until its planned end. Then its outage is over.
   */
  function unready(index: number, client: Client, now: number): boolean {
    ledger.ready(-1);
    client.readyMs += Math.max(0, Math.min(now, client.closeAt) - client.readyAt);
    const isProved = now - client.readyAt >= plan.fromMs || now >= client.closeAt;
    if (unproved.delete(index)) {
      if (isProved) endOutage(index, client);
      // Or it would keep the VU until then.
      if (unproved.size === 0) wake.settle(0);
    }
    client.readyAt = 0;
    return isProved;
  }

  /** It was over when the client became ready; only now that is known. */
  function endOutage(index: number, client: Client): void {
    const { readyAt, downAt, attempts, attemptsBefore } = client;
    ledger.outagesOpen(-1);
    ledger.recoveryTime(readyAt - downAt);
    ledger.recoveryAttempts(attempts - attemptsBefore);
    tellOutage(index, client, readyAt);
    client.downAt = 0;
  }

  /** No attempt is left before its planned end. */
  function stayDown(index: number, client: Client): void {
    write('down', client.reason, false);
    finish(index, client, false);
  }

  function finish(index: number, client: Client, isUp: boolean): void {
    ledger.up(isUp);
    ledger.availability(Math.min(1, client.readyMs / run.closeMs));
    if (!client.wasReady) ledger.connected(false);
    if (client.downAt === 0) return;
    withhold(client, client.closeAt);
    if (client.closeAt - client.downAt >= plan.maxRecoveryMs) ledger.overdue(1);
    tellOutage(index, client, null);
  }

  /** The requests that its clock would have made by then. */
  function withhold({ dueAt, closeAt }: Client, now: number): void {
    const until = Math.min(now, closeAt);
    if (dueAt > 0 && dueAt < until) ledger.withheld(Math.ceil((until - dueAt) / run.messageIntervalMs));
  }

  /**
   * Counts the client under the outage that it was part of, with the time that it was down.
   *
   * @param backAt - null: it did not come back.
   */
  function tellOutage(index: number, { burst, downAt }: Client, backAt: number | null): void {
    const number = targets > 1 ? (index % targets) + 1 : 0;
    const begun = burst === null ? 'single' : String(Math.floor(burst.at / 1_000));
    const time =
      backAt === null
        ? 'open'
        : String(Math.round(TIME_STEP ** Math.round(Math.log(Math.max(1, backAt - downAt)) / Math.log(TIME_STEP))));
    write('outage', `${number} ${begun} ${time}`, backAt !== null);
  }

  function write(kind: WordKind, word: string, isGood: boolean): void {
    vu.ledger.check(null, { [checkName(kind, word)]: () => isGood });
  }
}
