import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** Clock ticks a second in /proc: USER_HZ, which is 100 on every Linux. */
const TICKS = 100;
const PAGE_BYTES = pageBytes();

const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'];

/** By number: include/net/tcp_states.h. */
const STATES = [
  '',
  'established',
  'syn_sent',
  'syn_recv',
  'fin_wait1',
  'fin_wait2',
  'time_wait',
  'close',
  'close_wait',
  'last_ack',
  'listen',
  'closing',
  'syn_recv',
];

/** The table of all connections is read up to so many: it has a line for each. Beyond, only the states that are counted anyway. */
const MAX_TABLE = 20_000;

/**
 * The host as /proc has it.
 *
 * @param {readonly number[]} pids Of k6.
 * @returns {Promise<import('./host-sampler.mjs').HostReading>}
 */
export async function readLinuxHost(pids) {
  const [stat, memory, devices, tcp, processes] = await Promise.all([
    readFile('/proc/stat', 'utf8'),
    readFile('/proc/meminfo', 'utf8'),
    readFile('/proc/net/dev', 'utf8'),
    tcpStates(),
    Promise.all(pids.map(readProcess)),
  ]);
  const alive = processes.filter((one) => one !== undefined);
  return {
    cpus: [...stat.matchAll(/^cpu\d+ (.*)$/gm)].map(([, ticks = '']) => {
      const numbers = ticks.trim().split(/\s+/).map(Number);
      return Object.fromEntries(MODES.map((mode, i) => [mode, (numbers[i] ?? 0) / TICKS]));
    }),
    memory: { total: kilobytes(memory, 'MemTotal'), available: kilobytes(memory, 'MemAvailable') },
    network: [...devices.matchAll(/^\s*([^\s:]+):\s*(.*)$/gm)].map(([, device = '', counts = '']) => {
      const numbers = counts.trim().split(/\s+/).map(Number);
      return { device, received: numbers[0] ?? 0, sent: numbers[8] ?? 0 };
    }),
    tcp,
    k6:
      alive.length === 0
        ? undefined
        : {
            cpuSeconds: alive.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
            memory: alive.reduce((sum, one) => sum + one.memory, 0),
          },
  };
}

/**
 * @param {string} text
 * @param {string} name
 */
function kilobytes(text, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
}

/** @param {number} pid */
async function readProcess(pid) {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may have spaces and brackets; the first is field 3 of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (/** @type {number} */ number) => Number(fields[number - 3]);
    return { cpuSeconds: (field(14) + field(15)) / TICKS, memory: field(24) * PAGE_BYTES };
  } catch {
    // It has ended.
    return undefined;
  }
}

/** @returns {Promise<Record<string, number>>} */
async function tcpStates() {
  const [snmp, sockets] = await Promise.all([text('/proc/net/snmp'), text('/proc/net/sockstat')]);
  const [names = '', values = ''] = snmp.match(/^Tcp:.*$/gm) ?? [];
  const established = Number(values.split(' ')[names.split(' ').indexOf('CurrEstab')] ?? 0);
  const timeWait = Number(/^TCP:.*\btw (\d+)/m.exec(sockets)?.[1] ?? 0);
  if (established + timeWait > MAX_TABLE) return { established, time_wait: timeWait };
  /** @type {Record<string, number>} */
  const counts = {};
  for (const table of await Promise.all([text('/proc/net/tcp'), text('/proc/net/tcp6')])) {
    for (const [, state = ''] of table.matchAll(
      /^\s*\d+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /gm,
    )) {
      const name = STATES[Number.parseInt(state, 16)];
      if (name) counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return counts;
}

/** @param {string} file */
async function text(file) {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

/** 4,096 on most machines, 16 or 64 times as much on some: AT_PAGESZ of the auxiliary vector. */
function pageBytes() {
  try {
    const vector = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      if (vector.readBigUInt64LE(at) === 6n) return Number(vector.readBigUInt64LE(at + 8));
    }
  } catch {
    // As most.
  }
  return 4096;
}
