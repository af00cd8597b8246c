import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { prometheusText } from './prometheus-lines.mjs';

/** Node looks so often how late its event loop is, in ms: this is in each of its figures. */
const RESOLUTION_MS = 10;

/** @type {import('node:perf_hooks').IntervalHistogram | undefined} */
let lag;

/**
 * This process by the names that Prometheus's client libraries have in common, so that a load test can show its target's memory
 * and CPU beside the run. The lag is that since the last call; to look at it begins with the first.
 *
 * @returns {string} Prometheus's text format.
 */
export function processMetrics() {
  const { user, system } = process.cpuUsage();
  const late = lag;
  const seconds = (/** @type {number} */ ns) => Math.max(0, ns / 1e9 - RESOLUTION_MS / 1000);
  const text = prometheusText([
    ['process_resident_memory_bytes', 'gauge', process.memoryUsage.rss()],
    ['process_cpu_seconds_total', 'counter', (user + system) / 1e6],
    ['process_start_time_seconds', 'gauge', Math.round(Date.now() / 1000 - process.uptime())],
    ['process_open_fds', 'gauge', openFiles()],
    ...(late === undefined || late.count === 0
      ? []
      : /** @type {[string, 'gauge', number][]} */ ([
          ['nodejs_eventloop_lag_mean_seconds', 'gauge', seconds(late.mean)],
          ['nodejs_eventloop_lag_p99_seconds', 'gauge', seconds(late.percentile(99))],
          ['nodejs_eventloop_lag_max_seconds', 'gauge', seconds(late.max)],
        ])),
  ]);
  if (lag === undefined) {
    lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    lag.enable();
  }
  lag.reset();
  return text;
}

/** Without the one that the look itself takes; undefined where the system does not tell it. */
function openFiles() {
  try {
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return undefined;
  }
}
