import type { Run } from '../plan/run.ts';

/**
 * Tags all further samples of a VU with the part of the run that it is in, so that the steady part can be judged by
 * itself: `ramp` until the last batch has begun, `hold`, and `close` from the first close on. Each VU has a set of
 * tags of its own, so this is for VUs that hold many connections.
 *
 * @param tags - the VU's.
 * @param now - ms since the epoch, as startedAt.
 * @returns when the next phase begins, in ms since the epoch; 0: never.
 */
export function tagPhase(
  tags: Record<string, unknown>,
  { rampMs, closeMs }: Pick<Run, 'rampMs' | 'closeMs'>,
  startedAt: number,
  now: number,
): number {
  const elapsed = now - startedAt;
  if (elapsed >= closeMs) {
    tags['phase'] = 'close';
    return 0;
  }
  tags['phase'] = elapsed < rampMs ? 'ramp' : 'hold';
  return startedAt + (elapsed < rampMs ? rampMs : closeMs);
}
