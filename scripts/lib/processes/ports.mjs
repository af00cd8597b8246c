import { execFileSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';

/**
 * Ports that the system hands out to outgoing connections. All processes of a host share them.
 *
 * @param {NodeJS.Platform} [platform]
 * @returns {number} Infinity where it cannot be known.
 */
export function outgoingPorts(platform = process.platform) {
  try {
    if (platform === 'linux') return portsInRange(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'));
    if (platform === 'darwin') {
      const names = ['net.inet.ip.portrange.first', 'net.inet.ip.portrange.last'];
      return portsInRange(execFileSync('sysctl', ['-n', ...names], { encoding: 'utf8' }));
    }
    if (platform === 'win32') {
      return portsInNetsh(execFileSync('netsh', ['int', 'ipv4', 'show', 'dynamicport', 'tcp'], { encoding: 'latin1' }));
    }
  } catch {
    // Not known: nothing is refused for it.
  }
  return Number.POSITIVE_INFINITY;
}

/** @param {string} text First and last port. */
export function portsInRange(text) {
  const [first, last] = text.trim().split(/\s+/).map(Number);
  const ports = Number(last) - Number(first) + 1;
  return ports > 0 ? ports : Number.POSITIVE_INFINITY;
}

/** @param {string} text Of netsh, in any language: the start port, then the number of ports. */
export function portsInNetsh(text) {
  const [, ports] = [...text.matchAll(/:\s*(\d+)\s*$/gm)].map((match) => Number(match[1]));
  return ports ? ports : Number.POSITIVE_INFINITY;
}

/** What `localhost` and other names stand for, by WS_IP. */
const FAMILIES = /** @type {Record<string, 4 | 6 | 0>} */ ({ 4: 4, 6: 6, any: 0 });

/**
 * How many addresses with a port these targets are: for each of them a source address has all its ports.
 *
 * @param {string} urls As WS_URL has them.
 * @param {string} [ip] As WS_IP has it.
 * @param {(host: string, family: 4 | 6 | 0) => Promise<number>} [addressesOf] How many addresses a host has.
 * @returns {Promise<number>} Infinity where it cannot be known: a host with a column of the users in it.
 */
export async function targetAddresses(urls, ip = '4', addressesOf = addressesOfHost) {
  /** @type {Map<string, string>} */
  const hosts = new Map();
  for (const url of urls.split(',')) {
    const [, scheme = '', host = '', port] =
      /^\s*(wss?):\/\/(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#\s]+)(?::(\d+))?/i.exec(url) ?? [];
    if (host === '' || /[{}]/.test(host)) return Number.POSITIVE_INFINITY;
    hosts.set(`${host.toLowerCase()} ${port ?? (scheme.toLowerCase() === 'wss' ? 443 : 80)}`, host);
  }
  const counts = await Promise.all([...hosts.values()].map((host) => addressesOf(host, FAMILIES[ip] ?? 0)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * @param {string} host
 * @param {4 | 6 | 0} family
 */
async function addressesOfHost(host, family) {
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) return 1;
  const addresses = await lookup(host, { all: true, family }).catch(() => []);
  // What cannot be looked up here, k6 says.
  return addresses.length === 0 ? Number.POSITIVE_INFINITY : addresses.length;
}
