import { samplesIn } from './prometheus-text.ts';

/** What is told of this host and of k6 on it; null: it is not. Counters are since some start. */
export interface HostFigures {
  /** When it was read, in ms since the epoch: k6 may come to the answer seconds later, when it is short of CPU. */
  atMs: number | null;
  /** CPU time of all cores in seconds, and the part of it in which they did something. */
  cpu: { all: number; busy: number; cores: number } | null;
  /** In bytes. */
  memory: { used: number; all: number } | null;
  /** Bytes. */
  network: { received: number; sent: number } | null;
  /** TCP connections by state, in small letters: `established`, `time_wait`. */
  tcp: Record<string, number>;
  /** CPU time in seconds. */
  k6Cpu: number | null;
  /** Resident memory in bytes. */
  k6Memory: number | null;
}

/** Bridges, and the inner ends of containers' cables: what goes through them is counted at the outer interface, too. */
const VIRTUAL = /^(?:veth|docker|br-|virbr|cni|flannel|cali|vnet|tap)/;

/**
 * The host's figures in the words of Prometheus's node_exporter, of which scripts/lib/host-sampler.mjs serves these few, and
 * with `k6_process_…` for k6. Disks and sleep are no work of a core: `idle` and `iowait`.
 */
export function hostFiguresIn(text: string): HostFigures {
  const samples = samplesIn(text, [
    'node_time_seconds',
    'node_cpu_seconds_total',
    'node_memory_MemTotal_bytes',
    'node_memory_MemAvailable_bytes',
    'node_network_receive_bytes_total',
    'node_network_transmit_bytes_total',
    'node_tcp_connection_states',
    'node_netstat_Tcp_CurrEstab',
    'node_sockstat_TCP_tw',
    'k6_process_cpu_seconds_total',
    'k6_process_resident_memory_bytes',
  ]);
  const of = (name: string) => samples.filter((sample) => sample.name === name);
  const add = (list: typeof samples) => list.reduce((sum, { value }) => sum + value, 0);
  const one = (name: string) => (of(name).length === 0 ? null : add(of(name)));
  const times = of('node_cpu_seconds_total');
  const idle = times.filter(({ labels }) => labels['mode'] === 'idle');
  const waiting = times.filter(({ labels }) => labels['mode'] === 'iowait');
  const memory = one('node_memory_MemTotal_bytes');
  const available = one('node_memory_MemAvailable_bytes');
  const physical = (name: string) => of(name).filter(({ labels }) => !VIRTUAL.test(labels['device'] ?? ''));
  const received = physical('node_network_receive_bytes_total');
  const sent = physical('node_network_transmit_bytes_total');
  const seconds = one('node_time_seconds');
  return {
    atMs: seconds === null ? null : seconds * 1_000,
    cpu:
      idle.length === 0 ? null : { all: add(times), busy: add(times) - add(idle) - add(waiting), cores: idle.length },
    memory: memory === null || available === null ? null : { used: memory - available, all: memory },
    network: received.length === 0 ? null : { received: add(received), sent: add(sent) },
    tcp: tcpOf(),
    k6Cpu: one('k6_process_cpu_seconds_total'),
    k6Memory: one('k6_process_resident_memory_bytes'),
  };

  /** node_exporter tells all states only when it is asked to (its collector `tcpstat`). */
  function tcpOf(): Record<string, number> {
    const states: Record<string, number> = {};
    for (const { labels, value } of of('node_tcp_connection_states')) {
      const state = labels['state']?.toLowerCase() ?? '';
      states[state] = (states[state] ?? 0) + value;
    }
    if (Object.keys(states).length > 0) return states;
    const established = one('node_netstat_Tcp_CurrEstab');
    const waits = one('node_sockstat_TCP_tw');
    return { ...(established !== null && { established }), ...(waits !== null && { time_wait: waits }) };
  }
}
