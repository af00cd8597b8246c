import type { Ledger } from './ledger.ts';

/** How a VU watches its own lateness where it does not send often: timers and frames share its one loop. */
export interface Pulse {
  /**
   * A beat, late or not.
   *
   * @returns when the next is due, in ms since the epoch.
   */
  beat(now: number): number;
  /** Handling a frame took from one time to the other. */
  handled(from: number, to: number): void;
}

/** Frames between two samples of how long a frame waited for its VU, where k6 tells when it read it. */
export const FRAMES_PER_SAMPLE = 16;

/**
 * A beat now and then shows how late a VU acts although nothing is sent. It does not show a backlog, since frames and
 * timers take turns: so the share of the time that frames take is a figure of its own.
 *
 * @param beatMs - between two beats.
 * @param now - ms since the epoch; the first beat comes at a random time within one interval, so that VUs do not beat together.
 */
export function pulseOf(ledger: Pick<Ledger, 'lag' | 'busy'>, beatMs: number, now: number): Pulse {
  let dueAt = now + Math.ceil(Math.random() * beatMs);
  let sinceAt = now;
  let busyMs = 0;
  return {
    beat(at) {
      if (at >= dueAt) {
        ledger.lag(at - dueAt);
        if (at > sinceAt) ledger.busy(Math.min(1, busyMs / (at - sinceAt)));
        busyMs = 0;
        sinceAt = at;
        dueAt = at + beatMs;
      }
      return dueAt;
    },
    handled(from, to) {
      busyMs += to - from;
    },
  };
}

/** `receive`, and beside it the beats of its VU, by the timers of k6/ws, which end with the connection. */
export function watched<Frame>(
  { ledger, run }: { ledger: Pick<Ledger, 'lag' | 'busy'>; run: { beatMs: number } },
  receive: (frame: Frame) => void,
  setTimeout: (callback: () => void, delayMs: number) => void,
): (frame: Frame) => void {
  const clock = Date.now;
  const pulse = pulseOf(ledger, run.beatMs, clock());
  const beat = () => {
    const now = clock();
    setTimeout(beat, Math.max(1, pulse.beat(now) - now));
  };
  beat();
  return (frame) => {
    const now = clock();
    receive(frame);
    pulse.handled(now, clock());
  };
}
