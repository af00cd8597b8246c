import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { readLinuxHost } from './host-linux.mjs';
import { hostReader } from './host-other.mjs';
import { PROMETHEUS_TEXT, prometheusText } from './prometheus-lines.mjs';

/**
 * The host at one moment; counters are since some start.
 *
 * @typedef {object} HostReading
 * @property {Record<string, number>[]} cpus Of each core the seconds by mode: `user`, `idle` and so on.
 * @property {{ total: number, available: number }} memory In bytes.
 * @property {{ device: string, received: number, sent: number }[]} network Bytes.
 * @property {Record<string, number>} tcp Connections by state: `established`, `time_wait`.
 * @property {{ cpuSeconds: number, memory: number } | undefined} k6 Of all its processes; memory in bytes. Undefined: none
 *   runs, or it is not known.
 */

/**
 * @typedef {object} HostReader
 * @property {(pids: readonly number[]) => Promise<HostReading>} read pids: of k6.
 * @property {() => void} stop
 */

/**
 * @typedef {object} HostSampler
 * @property {string} url For WS_HOST_METRICS. Its path cannot be guessed: other users of the host need not know.
 * @property {(pid: number) => void} watch Counts a process as k6's.
 * @property {() => Promise<void>} stop
 */

/**
 * Serves this host's figures on a loopback port, in the words of Prometheus's node_exporter and with `k6_process_…` for k6: so they
 * come into k6's report, thresholds, dashboard and outputs as a target's do. It is read when it is asked, and takes nothing else.
 *
 * @returns {Promise<HostSampler>}
 */
export async function startHostSampler() {
  const { read, stop } = process.platform === 'linux' ? { read: readLinuxHost, stop: () => {} } : await hostReader();
  /** @type {number[]} */
  const pids = [];
  const path = `/${randomBytes(12).toString('hex')}/metrics`;
  const server = createServer(async (request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end();
      return;
    }
    try {
      response.writeHead(200, { 'content-type': PROMETHEUS_TEXT }).end(textOf(await read(pids)));
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Whoever started it ends when the run does.
  server.unref();
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}${path}`,
    watch: (pid) => pids.push(pid),
    stop: async () => {
      stop();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** @param {HostReading} reading */
function textOf({ cpus, memory, network, tcp, k6 }) {
  return prometheusText([
    ['node_time_seconds', 'gauge', Date.now() / 1_000],
    [
      'node_cpu_seconds_total',
      'counter',
      cpus.flatMap((modes, cpu) =>
        Object.entries(modes).map(
          ([mode, seconds]) => /** @type {[Record<string, string>, number]} */ ([{ cpu: String(cpu), mode }, seconds]),
        ),
      ),
    ],
    ['node_memory_MemTotal_bytes', 'gauge', memory.total],
    ['node_memory_MemAvailable_bytes', 'gauge', memory.available],
    ['node_network_receive_bytes_total', 'counter', network.map(({ device, received }) => [{ device }, received])],
    ['node_network_transmit_bytes_total', 'counter', network.map(({ device, sent }) => [{ device }, sent])],
    ['node_tcp_connection_states', 'gauge', Object.entries(tcp).map(([state, count]) => [{ state }, count])],
    ['k6_process_cpu_seconds_total', 'counter', k6?.cpuSeconds],
    ['k6_process_resident_memory_bytes', 'gauge', k6?.memory],
  ]);
}
