import { READ_TEXT } from './live.ts';
import type { K6Parts } from './memory.ts';

/** k6 takes samples in each 50 ms; one that is at its end takes longer. */
const TRY_EVERY_MS = 100;
const MAX_TRIES = 30;

/**
 * Whether the k6 that serves its figures at an address is this one. Another that was started before has the default
 * address, and its memory would pass for ours. The proof: a number at random, added to a Gauge of our own, has to come
 * back from there. Waits up to 3 s where another k6 answers; none at all where nobody does.
 *
 * @param address - WS_GENERATOR_ADDRESS.
 */
export function isOwn(
  { http, sleep, generatorIdentity }: Pick<K6Parts, 'http' | 'sleep' | 'generatorIdentity'>,
  address: string,
): boolean {
  const number = 1 + Math.floor(Math.random() * 2 ** 40);
  generatorIdentity(number);
  for (let tried = 0; tried < MAX_TRIES; tried++) {
    let answer: unknown;
    try {
      answer = http.get(`http://${address}/v1/metrics/generator_identity`, READ_TEXT).body;
    } catch {
      return false;
    }
    if (sampleOf(String(answer)) === number) return true;
    sleep(TRY_EVERY_MS / 1_000);
  }
  return false;
}

/** The value of a Gauge out of the answer of k6's own `GET /v1/metrics/NAME`; null where it has none, or is none. */
function sampleOf(answer: string): number | null {
  const match = /"sample":\s*\{"value":\s*([-+.\deE]+)\}/.exec(answer);
  return match ? Number(match[1]) : null;
}
