import { samplesIn } from './prometheus-text.ts';

/** What a server tells of its process; null: it does not. */
export interface TargetFigures {
  /** Resident memory in bytes. */
  memory: number | null;
  /** CPU time since it started, in seconds. */
  cpuSeconds: number | null;
  openFiles: number | null;
  goroutines: number | null;
  /** In ms. */
  eventLoopLag: number | null;
}

/** Of the times of the event loop the first that is there: the slowest that are no chance, else what there is. */
const LAGS = [
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_max_seconds',
] as const;

/**
 * The figures that Prometheus's client libraries have in common. Several series of one name, as of the workers of one
 * server, add up; of their lags the longest counts.
 */
export function targetFiguresIn(text: string): TargetFigures {
  const samples = samplesIn(text, [
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
    'process_open_fds',
    'go_goroutines',
    ...LAGS,
  ]);
  const values = (name: string) => samples.filter((sample) => sample.name === name).map(({ value }) => value);
  const total = (name: string) => {
    const all = values(name);
    return all.length === 0 ? null : all.reduce((sum, value) => sum + value, 0);
  };
  const lags = LAGS.map(values).find((all) => all.length > 0);
  return {
    memory: total('process_resident_memory_bytes'),
    cpuSeconds: total('process_cpu_seconds_total'),
    openFiles: total('process_open_fds'),
    goroutines: total('go_goroutines'),
    eventLoopLag: lags ? Math.max(...lags) * 1_000 : null,
  };
}
