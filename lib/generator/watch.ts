import type { Add } from '../connection/ledger.ts';
import { exec, sleep, type WithRequire } from '../k6.ts';
import { isOwn } from './identity.ts';
import { type K6Parts, watchMemory, watchRun } from './memory.ts';
import { watchTiers } from './watch-tiers.ts';

/** What watching takes of k6, with the metrics that only the watch feeds. In k6's init stage only. */
export function k6Parts(): K6Parts {
  const k6 = globalThis as unknown as WithRequire;
  const { Gauge } = k6.require<typeof import('k6/metrics')>('k6/metrics');
  return {
    http: k6.require<K6Parts['http']>('k6/http'),
    exec,
    sleep,
    // Not of METRIC: it is no measurement (identity.ts).
    generatorIdentity: new Gauge('generator_identity').add as Add,
    generatorMemory: new Gauge('generator_memory').add as Add,
    connectionsNow: new Gauge('ws_connections_now').add as Add,
    connectionsDue: new Gauge('ws_connections_due').add as Add,
  };
}

/** The iteration of the VU that watches the generator until the planned end of the test. */
export function watcher(): () => void {
  const parts = k6Parts();
  return () => {
    const watched = JSON.parse(__ENV['RUN'] as string);
    if (watched.tiers) watchTiers(parts, watched);
    else if (watched.arrives) {
      const { generatorAddress, leadMs, totalMs } = watched;
      if (isOwn(parts, generatorAddress)) watchMemory(parts, generatorAddress, leadMs + totalMs);
    } else watchRun(parts, watched);
  };
}
