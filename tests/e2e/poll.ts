import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 100;

/**
 * Asks until the answer is one, for what no event tells of.
 *
 * @param what - for the error: `Prometheus is ready`.
 * @param ask - undefined or a rejection: not yet.
 * @param limitMs - then it throws the last error, or one that names `what`.
 */
export async function poll<T>(what: string, ask: () => Promise<T | undefined>, limitMs = 30_000): Promise<T> {
  const end = performance.now() + limitMs;
  let reason: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      reason = error;
    }
    await delay(POLL_MS);
  }
  throw new Error(`not within ${limitMs} ms: ${what}`, { cause: reason });
}
