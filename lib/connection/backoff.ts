import type { Backoff } from '../plan/run.ts';

/**
 * How long a client waits before its next attempt, in ms, at least 1: the first time `fromMs`, each further time in a row
 * twice as long, at most `toMs`; with full jitter a random time between 0 and that.
 *
 * @param failures - waits in a row before this one.
 * @param random - from 0 to below 1, as Math.random().
 */
export function backoffMs({ fromMs, toMs, jitter }: Backoff, failures: number, random: () => number): number {
  const wait = Math.min(toMs, fromMs * 2 ** failures);
  return Math.max(1, Math.round(jitter === 'full' ? random() * wait : wait));
}
