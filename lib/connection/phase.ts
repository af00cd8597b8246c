import type { Vu } from './connection.ts';

/**
 * Tags all further samples of a VU with the part of the run that it is in, so that the steady part can be judged by
 * itself: `ramp` until the last batch has begun, `hold`, and `close` from the first close on. What comes of a request
 * is of the part in which it was sent: else no timeout of the hold's end would be in the hold. Each VU has a set of tags of
 * its own, so this is for VUs that hold many connections.
 *
 * @param tags - the VU's.
 * @param now - ms since the epoch.
 * @returns when the next phase begins, in ms since the epoch; 0: never.
 */
export function tagPhase(
  vu: Pick<Vu, 'run' | 'startedAt' | 'lastPhase'>,
  tags: Record<string, unknown>,
  now: number,
): number {
  const { rampMs, closeMs } = vu.run;
  const elapsed = now - vu.startedAt;
  const before = tags['phase'];
  if (elapsed < rampMs) tags['phase'] = 'ramp';
  else tags['phase'] = elapsed < closeMs ? 'hold' : 'close';
  if (before !== undefined) vu.lastPhase = { endedAt: now, tag: { phase: String(before) } };
  if (elapsed >= closeMs) return 0;
  return vu.startedAt + (elapsed < rampMs ? rampMs : closeMs);
}
