import type { Add } from '../connection/ledger.ts';
import { exec, sleep, type WithRequire } from '../k6.ts';
import type { K6Parts } from './memory.ts';

/**
 * What watching takes (memory.ts); null in the VUs that are never asked to, where it would only weigh: k6 hands out
 * those with the lowest numbers first, and the watch starts before the connections (WATCH_LEAD_MS). Should it be another
 * one all the same, the run goes on without a watch. The limit is that of WATCH_ONLY in build.mjs.
 */
export const k6Parts: K6Parts | null =
  __VU <= 100
    ? (() => {
        const k6 = globalThis as unknown as WithRequire;
        const { Gauge } = k6.require<typeof import('k6/metrics')>('k6/metrics');
        return {
          http: k6.require<K6Parts['http']>('k6/http'),
          exec,
          sleep,
          generatorMemory: new Gauge('generator_memory').add as Add,
          connectionsNow: new Gauge('ws_connections_now').add as Add,
          connectionsDue: new Gauge('ws_connections_due').add as Add,
        };
      })()
    : null;
