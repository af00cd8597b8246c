import { publicEndpoint } from '../settings/endpoints.ts';
import type { Settings } from '../settings/settings.ts';
import type { HostResult, Level, TargetProcess, Work } from './beside-result.ts';
import { figure, type K6Data, wordsOf } from './k6-data.ts';
import type { Summary } from './summary.ts';

export const TARGET_FIGURES = [
  'ws_target_memory',
  'ws_target_cpu',
  'ws_target_open_fds',
  'ws_target_goroutines',
  'ws_target_eventloop_lag',
] as const;
/** As tags behind that of the target. */
export const TARGET_PHASES = ['', ',phase:before', ',phase:after', ',phase:hold'] as const;
/** Of the host's, those with a phase. */
export const HOST_FIGURES = ['host_cpu', 'host_memory', 'host_network_in', 'host_network_out', 'k6_cpu'] as const;
export const HOST_PHASES = ['before', 'after', 'hold'] as const;
export const TCP_STATES = [
  'established',
  'syn_sent',
  'syn_recv',
  'fin_wait1',
  'fin_wait2',
  'time_wait',
  'close_wait',
  'last_ack',
  'closing',
  'listen',
] as const;

/** The longest that the readings before the first connection and after the last close make a run longer, in ms. */
const READING_MS = 7_000;

/** How much longer than planned a run may be for what is read beside it, in ms. */
export function besideMs({ target, host }: Pick<Summary, 'target' | 'host'>): number {
  return target || host ? READING_MS : 0;
}

/** The tags of so many targets: their numbers, and the sum of several. */
export function targetTags(count: number): string[] {
  const numbers = Array.from({ length: count }, (_, i) => String(i + 1));
  return count > 1 ? [...numbers, 'all'] : numbers;
}

/** Less is the 1e-9 that stands for a measured 0 (lib/generator/beside.ts). */
const LEAST = 1e-6;

/** A Gauge's figure; null: no samples. */
function gauge(data: K6Data, metric: string, stat: 'value' | 'max'): number | null {
  const value = figure(data, metric, stat);
  if (value === 0) return null;
  return value < LEAST ? 0 : value;
}

/** @param tags - of the metric, `target:1`; empty: none. */
function phase(data: K6Data, metric: string, tags: string, name: string): number | null {
  return gauge(data, `${metric}{${tags === '' ? '' : `${tags},`}phase:${name}}`, 'value');
}

function level(data: K6Data, metric: string, tags = ''): Level | null {
  const peak = gauge(data, tags === '' ? metric : `${metric}{${tags}}`, 'max');
  if (peak === null) return null;
  return { before: phase(data, metric, tags, 'before'), peak, after: phase(data, metric, tags, 'after') };
}

function work(data: K6Data, metric: string, tags = ''): Work | null {
  const peak = gauge(data, tags === '' ? metric : `${metric}{${tags}}`, 'max');
  return peak === null ? null : { hold: phase(data, metric, tags, 'hold'), peak };
}

/** What was said of `1` or `host`: `connection refused (3 readings)`. */
function problemsOf(data: K6Data, who: string): string[] {
  return Object.entries(wordsOf(data, 'beside'))
    .filter(([word]) => word.startsWith(`${who}: `))
    .map(([word, count]) => `${word.slice(who.length + 2)}${count > 1 ? ` (${count} readings)` : ''}`);
}

/** Target and host of the summary, each only where its setting is given. */
export function besideOf(
  data: K6Data,
  { urls, targetMetrics, hostMetrics }: Pick<Settings, 'urls' | 'targetMetrics' | 'hostMetrics'>,
  { connections }: Pick<Summary, 'connections'>,
  isWhole: boolean,
): Pick<Summary, 'target' | 'host'> {
  const target = targetMetrics.length > 0 ? targetOf(data, targetMetrics) : [];
  const open = mostOpen(data, connections);
  return {
    ...(target.length > 0 && { target: withConnections(target, open, urls.length, isWhole) }),
    ...(hostMetrics !== null && { host: hostOf(data) }),
  };
}

function targetOf(data: K6Data, endpoints: readonly string[]): TargetProcess[] {
  return targetTags(endpoints.length).map((tag) => {
    const tags = `target:${tag}`;
    const url = endpoints[Number(tag) - 1];
    return {
      endpoint: url === undefined ? 'all' : publicEndpoint(url),
      memoryBytes: level(data, 'ws_target_memory', tags),
      connections: null,
      bytesPerConnection: null,
      cpuCores: work(data, 'ws_target_cpu', tags),
      openFiles: level(data, 'ws_target_open_fds', tags),
      goroutines: level(data, 'ws_target_goroutines', tags),
      eventLoopLagMs: work(data, 'ws_target_eventloop_lag', tags),
      problems: problemsOf(data, tag),
    };
  });
}

/**
 * The most connections that were open at one time: as the live figures of k6 have it, and at least as many as were closed as
 * planned; without those figures all that were established.
 */
function mostOpen(data: K6Data, { established, closed }: Summary['connections']): number {
  const seen = gauge(data, 'ws_connections_now', 'max');
  return seen === null ? established : Math.min(established, Math.max(seen, closed));
}

/**
 * The targets with the connections that they held, and the memory that each of these took.
 *
 * @param open - over all targets; connection i goes to target i mod n.
 * @param urls - number of targets in WS_URL: only where there are as many endpoints, it is known which held how many.
 * @param isWhole - that is all there were: else the others' processes of k6 held some, too.
 */
export function withConnections(
  targets: readonly TargetProcess[],
  open: number,
  urls: number,
  isWhole: boolean,
): TargetProcess[] {
  const several = targets.filter(({ endpoint }) => endpoint !== 'all').length;
  return targets.map((target, i) => {
    const isSum = several === 1 || target.endpoint === 'all';
    const connections = isSum
      ? open
      : several === urls
        ? Math.floor(open / several) + (i < open % several ? 1 : 0)
        : null;
    return {
      ...target,
      connections,
      bytesPerConnection: isWhole ? perConnection(target.memoryBytes, connections) : null,
    };
  });
}

function perConnection(memory: Level | null, connections: number | null): number | null {
  if (memory === null || memory.before === null || !connections || memory.peak <= memory.before) return null;
  return Math.round((memory.peak - memory.before) / connections);
}

function hostOf(data: K6Data): HostResult {
  const saturated = data.metrics['host_saturated']?.values;
  const samples = (saturated?.['passes'] ?? 0) + (saturated?.['fails'] ?? 0);
  const tcp = TCP_STATES.flatMap((state) => {
    const peak = gauge(data, `host_tcp{state:${state}}`, 'max');
    const after = gauge(data, `host_tcp{state:${state}}`, 'value');
    return peak ? [[state, { peak, after: after ?? 0 }] as const] : [];
  });
  return {
    cpu: work(data, 'host_cpu'),
    cores: gauge(data, 'host_cores', 'value'),
    saturated: samples > 0 ? (saturated?.['rate'] ?? 0) : null,
    memoryBytes: level(data, 'host_memory'),
    memoryTotalBytes: gauge(data, 'host_memory_total', 'value'),
    networkInPerSecond: work(data, 'host_network_in'),
    networkOutPerSecond: work(data, 'host_network_out'),
    tcp: Object.fromEntries(tcp),
    k6CpuCores: work(data, 'k6_cpu'),
    k6MemoryBytes: gauge(data, 'k6_memory', 'max'),
    problems: problemsOf(data, 'host'),
  };
}

/** A host this long at 90 % of its CPU or more, as a share of the hold, was a limit. */
const LONG = 1 / 3;

/** The sentence that names the host as the generator's limit; none: it was not. */
export function hostLimits(host: HostResult | undefined): string[] {
  if (!host || host.saturated === null || host.saturated < LONG) return [];
  const { k6CpuCores, cores } = host;
  const own =
    k6CpuCores?.hold == null || cores === null
      ? ''
      : `; k6 itself took ${k6CpuCores.hold.toFixed(1)} of ${cores} cores`;
  return [
    `The CPU of its host was at 90 % or more for ${Math.round(host.saturated * 100)} % of the hold${own}: times and timeouts are partly its own.`,
  ];
}
