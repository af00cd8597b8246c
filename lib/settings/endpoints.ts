import { Expected } from './parsers.ts';
import { splitUrl } from './url.ts';

/** More than this is a mistake; each is read every few seconds. */
const MAX_ENDPOINTS = 50;

/** The parts of an http:// or https:// address; null if it is none. */
function partsOf(url: string): ReturnType<typeof splitUrl> {
  return /^https?:/.test(url) ? splitUrl(url.replace(/^http/, 'ws')) : null;
}

/**
 * Reads addresses that serve Prometheus text, separated by commas. One without a path is meant as `/metrics`, which is where
 * Prometheus itself looks.
 */
export function endpoints(text: string): string[] {
  const addresses = text.split(',').map((part) => part.trim());
  const expected = `an http:// or https:// address, or several (at most ${MAX_ENDPOINTS}) separated by commas`;
  if (addresses.length > MAX_ENDPOINTS) throw new Expected(expected);
  return addresses.map((url) => {
    const parts = partsOf(url);
    const port = parts?.port ?? 80;
    if (parts?.fragment !== '' || port < 1 || port > 65_535) throw new Expected(expected);
    return url.replace(/^(https?:\/\/[^/?]+)\/?(?=$|\?)/, '$1/metrics');
  });
}

/** Reads one such address. */
export function endpoint(text: string): string {
  const [url, ...more] = endpoints(text);
  if (more.length > 0) throw new Expected('one http:// or https:// address');
  return url as string;
}

/** `host:port` of an address: user info, path and query can hold secrets. */
export function publicEndpoint(url: string): string {
  const parts = partsOf(url);
  if (!parts) return '(not an address)';
  const host = parts.isIpv6Literal ? `[${parts.host}]` : parts.host;
  return parts.port === null ? host : `${host}:${parts.port}`;
}
