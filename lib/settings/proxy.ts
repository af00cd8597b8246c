import { splitUrl } from './url.ts';

type Environment = Record<string, string | undefined>;

/**
 * The proxy through which k6 reaches this target, without user, password and path; null: none. k6 takes it from the
 * environment that it was started in by the rules of golang.org/x/net/http/httpproxy, and asks it to CONNECT for ws://
 * as well as for wss://. A target on this host never goes through a proxy.
 *
 * @param env - as k6's `__ENV`. What came by `-e` is in there, too, and k6 does not heed it.
 * @param url - an address that urls() takes.
 */
export function proxyFor(env: Environment, url: string): string | null {
  const target = splitUrl(url);
  if (!target) return null;
  const isSecure = target.scheme === 'wss';
  const proxy = nameOf(isSecure ? variable(env, 'HTTPS_PROXY') : variable(env, 'HTTP_PROXY'));
  // `localhost` as it stands: Go compares these letters.
  if (proxy === null || target.host === 'localhost') return null;
  const host = target.host.replace(/%.*$/, '').toLowerCase();
  const ip = target.isIpv6Literal ? ipv6(host) : ipv4(host);
  if (ip && isLoopback(ip)) return null;
  const port = String(target.port ?? (isSecure ? 443 : 80));
  const excluded = variable(env, 'NO_PROXY').toLowerCase().split(',');
  return excluded.some((entry) => excludes(entry.trim(), host, ip, port)) ? null : proxy;
}

function variable(env: Environment, name: string): string {
  return env[name] || env[name.toLowerCase()] || '';
}

/** `http://host:port` of what the variable holds: an address, or a host with or without a port; null: nothing. */
function nameOf(text: string): string | null {
  if (text === '') return null;
  const address = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]/i.test(text) ? text : `http://${text}`;
  const match =
    /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#]*@)?((?:\[[0-9a-f:.]+(?:%25[\w.~-]+)?\]|[^\s:/?#@[\]]+)(?::\d*)?)(?:[/?#].*)?$/i;
  const [, scheme, host] = match.exec(address) ?? [];
  // k6 then tries to reach something that does not exist.
  return scheme && host ? `${scheme.toLowerCase()}://${host}` : '(not an address)';
}

/** Whether an entry of NO_PROXY is about this target: `*`, an address, a range (CIDR) or a domain, with or without a port. */
function excludes(entry: string, host: string, ip: number[] | null, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const [, network = '', bits] = /^(.*)\/(\d+)$/.exec(entry) ?? [];
  const base = ipOf(network);
  if (base && Number(bits) <= base.length * 8) return ip !== null && sharesBits(base, ip, Number(bits));
  const [, bracketed, plain = '', ofPort = ''] = /^(?:\[(.*)\]|([^:]*)):([^:]*)$/.exec(entry) ?? ['', undefined, entry];
  const name = bracketed ?? plain;
  if (name === '' || (ofPort !== '' && ofPort !== port)) return false;
  const address = ipOf(name);
  if (address) return ip !== null && sharesBits(address, ip, address.length * 8);
  if (ip) return false;
  const domain = name.replace(/^\*\./, '.');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function ipOf(text: string): number[] | null {
  return ipv4(text) ?? ipv6(text);
}

/** The four bytes of an IPv4 address, or null. */
function ipv4(text: string): number[] | null {
  if (!/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) return null;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : null;
}

/** The bytes of an IPv6 address without brackets, or null: 16, or the four of an IPv4 address that it stands for. */
function ipv6(text: string): number[] | null {
  if (!/^[0-9a-f:.]*:[0-9a-f:.]*$/.test(text)) return null;
  const last = ipv4(text.slice(text.lastIndexOf(':') + 1));
  const groups = last
    ? `${text.slice(0, text.lastIndexOf(':') + 1)}${[0, 2].map((i) => ((last[i] as number) * 256 + (last[i + 1] as number)).toString(16)).join(':')}`
    : text;
  const halves = groups.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const count = halves.reduce((sum, half) => sum + half.length, 0);
  if (halves.length > 2 || (halves.length === 1 ? count !== 8 : count > 7)) return null;
  const all = [...(halves[0] ?? []), ...Array.from({ length: 8 - count }, () => '0'), ...(halves[1] ?? [])];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return null;
  const bytes = all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  const stands = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return stands ? bytes.slice(12) : bytes;
}

function isLoopback(ip: readonly number[]): boolean {
  return ip.length === 4 ? ip[0] === 127 : ip.every((byte, i) => byte === (i === 15 ? 1 : 0));
}

/** Whether two addresses of one family begin with the same bits. */
function sharesBits(a: readonly number[], b: readonly number[], bits: number): boolean {
  if (a.length !== b.length) return false;
  return a.every((byte, i) => {
    const shift = Math.max(0, 8 - Math.max(0, bits - i * 8));
    return byte >> shift === (b[i] as number) >> shift;
  });
}
