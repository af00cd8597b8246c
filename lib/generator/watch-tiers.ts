import type { Watched } from '../plan/options.ts';
import type { TierWatch } from '../plan/tiers.ts';
import { isOwn } from './identity.ts';
import { type K6Parts, readPeakMemory, watchMemory } from './memory.ts';

/** The parts with a `generator_memory` that carries the tier, so that each tier is judged by its own readings. */
function tagged(k6: K6Parts, connections: number): K6Parts {
  return { ...k6, generatorMemory: (bytes) => k6.generatorMemory(bytes, { tier: String(connections) }) };
}

/**
 * Reads the memory during each tier and at its end, which is the reading that counts. Gives up where it cannot.
 */
export function watchTiers(k6: K6Parts, { generatorAddress, tiers, leadMs }: Watched<TierWatch>): void {
  if (!isOwn(k6, generatorAddress)) return;
  const { startTime } = k6.exec.scenario;
  for (const { connections, endMs } of tiers) {
    const parts = tagged(k6, connections);
    const ownEndMs = leadMs + endMs;
    watchMemory(parts, generatorAddress, ownEndMs);
    const rest = startTime + ownEndMs - Date.now();
    if (rest > 0) k6.sleep(rest / 1000);
    if (!readPeakMemory(parts, generatorAddress)) return;
  }
}
