import type { Session } from './conversation.ts';

/** What a conversation remembers of a connection for `watchSigns`. */
export interface Alive {
  /** Something came since the last look; undefined: nobody looks. */
  isAlive?: boolean;
}

/**
 * Looks each period whether the server has sent anything since the last look, and breaks off where it has not, as clients of these protocols do. The first period is
 * for the server to begin. A second call does nothing. A period that was cut short or drawn out, because this VU was late itself, says nothing.
 *
 * @param word - the reason of the drop.
 * @param beat - what this side has to send each period.
 */
export function watchSigns<State extends Alive>(
  session: Session<State>,
  periodMs: number,
  word: string,
  beat: (session: Session<State>) => void = () => undefined,
): void {
  if (session.state.isAlive !== undefined) return;
  let from = Date.now();
  session.state.isAlive = true;
  session.every(periodMs, (watched) => {
    const now = Date.now();
    const isWhole = Math.abs(now - from - periodMs) < periodMs / 4;
    from = now;
    if (isWhole && !watched.state.isAlive) return watched.fail(word);
    watched.state.isAlive = false;
    beat(watched);
  });
}
