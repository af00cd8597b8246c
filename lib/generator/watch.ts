import type { Add } from '../connection/ledger.ts';
import { check, exec, sleep, type WithRequire } from '../k6.ts';
import { checkName } from '../metrics/words.ts';
import { type BesideParts, besideReader, watchBeside } from './beside.ts';
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

/**
 * What reads target and host, with the metrics that only it feeds. In k6's init stage only.
 *
 * @param asks - which of the two there are.
 */
export function besideParts(asks: { target: boolean; host: boolean }): BesideParts {
  const k6 = globalThis as unknown as WithRequire;
  const { Gauge, Rate } = k6.require<typeof import('k6/metrics')>('k6/metrics');
  const gauge = (name: string) => new Gauge(name).add as Add;
  return {
    request: k6.require<{ asyncRequest: BesideParts['request'] }>('k6/http').asyncRequest,
    sleep,
    say: (word) => check(null, { [checkName('beside', word)]: () => false }),
    target: !asks.target
      ? null
      : {
          memory: gauge('ws_target_memory'),
          cpu: gauge('ws_target_cpu'),
          openFiles: gauge('ws_target_open_fds'),
          goroutines: gauge('ws_target_goroutines'),
          eventLoopLag: new Gauge('ws_target_eventloop_lag', true).add as Add,
        },
    host: !asks.host
      ? null
      : {
          cpu: gauge('host_cpu'),
          saturated: new Rate('host_saturated').add as Add,
          cores: gauge('host_cores'),
          memory: gauge('host_memory'),
          memoryTotal: gauge('host_memory_total'),
          networkIn: gauge('host_network_in'),
          networkOut: gauge('host_network_out'),
          tcp: gauge('host_tcp'),
          k6Cpu: gauge('k6_cpu'),
          k6Memory: gauge('k6_memory'),
        },
  };
}

/**
 * The iterations of the VUs that watch until the planned end of the test: one the generator, one what is beside the run.
 *
 * @param beside - addresses of the targets and of the host's figures, if there are any.
 */
export function watcher(beside: { targets: string[]; host: string | null } | null): () => void | Promise<void> {
  const parts = k6Parts();
  const readers =
    beside === null ? null : besideParts({ target: beside.targets.length > 0, host: beside.host !== null });
  return () => {
    const watched = JSON.parse(__ENV['RUN'] as string);
    if (watched.beside) {
      // An archive that was made with the settings runs without them.
      if (beside === null || readers === null) return undefined;
      const read = besideReader(readers, beside.targets, beside.host);
      return watchBeside(read, readers, watched, exec.scenario.startTime);
    }
    if (watched.tiers) watchTiers(parts, watched);
    else if (watched.arrives) {
      const { generatorAddress, leadMs, totalMs } = watched;
      if (isOwn(parts, generatorAddress)) watchMemory(parts, generatorAddress, leadMs + totalMs);
    } else watchRun(parts, watched);
    return undefined;
  };
}
