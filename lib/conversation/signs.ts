import type { Session } from './conversation.ts';

/** What a conversation remembers of a connection for `watchSigns`. */
export interface Alive {
  /** When something last came, in ms since the epoch; undefined: nobody looks. */
  heardAt?: number;
  /** The goodbye has begun: the server owes nothing any more. */
  leaving?: boolean;
}

/** Nobody is given up after less, however short the heartbeats are. */
const SHORTEST_MS = 1_000;

/** After a look that found nothing, until the next: what lies in the socket, because this VU stood still, is read meanwhile. */
const AGAIN_MS = 1_000;

/** A look that comes later than this says that the VU stood still once more. */
const LATE_MS = 200;

/**
 * Breaks off when the server has been silent for so long, as the clients of protocols with heartbeats do. It takes two
 * looks, of which the second was in time: while this VU stands still nothing is read, whatever the server sends. A second
 * call does nothing.
 *
 * @param silentMs - what a server may say; what is no time is none to wait for.
 * @param word - the reason of the drop.
 */
export function watchSigns<State extends Alive>(session: Session<State>, silentMs: number, word: string): void {
  if (session.state.heardAt !== undefined || !Number.isFinite(silentMs)) return;
  session.state.heardAt = Date.now();
  const limitMs = Math.max(SHORTEST_MS, silentMs);

  const lookIn = (ms: number, isSecond: boolean): void => {
    const dueAt = Date.now() + ms;
    session.after(ms, ({ state }) => {
      if (state.leaving) return;
      const now = Date.now();
      const leftMs = (state.heardAt as number) + limitMs - now;
      if (leftMs > 0) lookIn(Math.ceil(leftMs), false);
      else if (isSecond && now - dueAt <= LATE_MS) session.fail(word);
      else lookIn(AGAIN_MS, true);
    });
  };
  lookIn(limitMs, false);
}
