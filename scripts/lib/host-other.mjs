import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { capture } from './capture.mjs';

/** The reader waits 2 s. */
const LIMIT_MS = 1_500;

/**
 * A reader of the host for macOS and Windows: what Node knows, and what systeminformation gets out of the system's own programs.
 * Those take a second at times; then the figures of the last time stand for them.
 *
 * @returns {Promise<import('./host-sampler.mjs').HostReader>}
 */
export async function hostReader() {
  // A script of its own, without the packages of this project, has what Node knows.
  const information = await import('systeminformation').then(
    (module) => module.default,
    () => undefined,
  );
  if (information === undefined) {
    const memory = () => ({ total: os.totalmem(), available: os.freemem() });
    return { read: async () => ({ ...ofNode(), memory: memory(), ...NOTHING }), stop: () => {} };
  }
  // Windows: one PowerShell for all questions, not one for each.
  if (process.platform === 'win32') information.powerShellStart();
  /** @type {Pick<import('./host-sampler.mjs').HostReading, 'network' | 'tcp' | 'k6'>} */
  let last = NOTHING;
  let lastMs = performance.now();
  let cpuSeconds = 0;
  /** @type {Promise<void> | undefined} */
  let asking;

  /** @param {readonly number[]} pids */
  const ask = async (pids) => {
    const [devices, connections, { list }] = await Promise.all([
      information.networkStats('*'),
      information.networkConnections(),
      information.processes(),
    ]);
    const nowMs = performance.now();
    const own = list.filter(({ pid }) => pids.includes(pid));
    // Of all cores, in percent, since it was asked last.
    cpuSeconds += own.reduce((sum, { cpu }) => sum + cpu / 100, 0) * os.cpus().length * ((nowMs - lastMs) / 1000);
    lastMs = nowMs;
    /** @type {Record<string, number>} */
    const tcp = {};
    for (const { protocol, state } of connections) {
      const name = nameOf(state);
      if (/^tcp/i.test(protocol) && name) tcp[name] = (tcp[name] ?? 0) + 1;
    }
    const exact = process.platform === 'darwin' ? await cpuTime(pids) : undefined;
    last = {
      network: devices.map(({ iface, rx_bytes, tx_bytes }) => ({ device: iface, received: rx_bytes, sent: tx_bytes })),
      tcp,
      k6:
        own.length === 0
          ? undefined
          : {
              cpuSeconds: exact ?? cpuSeconds,
              memory: own.reduce((sum, { memRss }) => sum + memRss * 1024, 0),
            },
    };
  };

  /** @param {readonly number[]} pids */
  const read = async (pids) => {
    asking ??= ask(pids)
      .catch(() => {})
      .finally(() => {
        asking = undefined;
      });
    const [{ total, available }] = await Promise.all([
      information.mem(),
      Promise.race([asking, delay(LIMIT_MS, undefined, { ref: false })]),
    ]);
    return { ...ofNode(), memory: { total, available }, ...last };
  };
  return { read, stop: () => process.platform === 'win32' && information.powerShellRelease() };
}

/** @type {Pick<import('./host-sampler.mjs').HostReading, 'network' | 'tcp' | 'k6'>} */
const NOTHING = { network: [], tcp: {}, k6: undefined };

/** CPU times by core, which Node has in ms. */
function ofNode() {
  return {
    cpus: os.cpus().map(({ times }) => ({
      user: times.user / 1000,
      nice: times.nice / 1000,
      system: times.sys / 1000,
      idle: times.idle / 1000,
      irq: times.irq / 1000,
    })),
  };
}

/**
 * `TIME_WAIT` and Windows' and macOS's other ways to write it, as the name that Linux has.
 *
 * @param {string} state
 */
function nameOf(state) {
  return state
    .toLowerCase()
    .replace('-', '_')
    .replace(/^(fin_wait)_(\d)$/, '$1$2')
    .replace(/^syn_received$/, 'syn_recv');
}

/**
 * What ps says that processes have taken, `1:02.50` each, in seconds.
 *
 * @param {readonly number[]} pids
 */
async function cpuTime(pids) {
  const { code, stdout } = await capture('ps', ['-o', 'time=', '-p', pids.join()], { timeoutMs: LIMIT_MS });
  if (code !== 0) return undefined;
  const times = stdout.trim().split('\n');
  return times.reduce((sum, time) => {
    const seconds = time
      .trim()
      .split(/[-:]/)
      .reduce((total, part) => total * 60 + Number(part.replace(',', '.')), 0);
    return sum + seconds;
  }, 0);
}
