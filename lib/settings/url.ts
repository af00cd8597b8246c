import { Expected } from './parsers.ts';
import type { IpVersion } from './settings.ts';

interface UrlParts {
  scheme: string;
  userInfo: string;
  /** Host name or address, without brackets and port. */
  host: string;
  isIpv6Literal: boolean;
  port: number | null;
  path: string;
  query: string;
  fragment: string;
}

/** k6's JavaScript runtime has no URL class, so the little that is needed is read by one expression (RFC 3986). */
const URL_PATTERN =
  /^(wss?):\/\/(?:([^@/?#]*)@)?(\[[0-9a-fA-F:.]+(?:%25[\w.~-]+)?\]|[^:/?#[\]\s@]+)(?::(\d{1,5}))?(\/[^?#\s]*)?(\?[^#\s]*)?(#.*)?$/;

function splitUrl(text: string): UrlParts | null {
  const match = URL_PATTERN.exec(text);
  if (!match) return null;
  const host = match[3] as string;
  return {
    scheme: match[1] as string,
    userInfo: match[2] ?? '',
    host: host.replace(/^\[|\]$/g, ''),
    isIpv6Literal: host.startsWith('['),
    port: match[4] === undefined ? null : Number(match[4]),
    path: match[5] ?? '/',
    query: match[6] ?? '',
    fragment: match[7] ?? '',
  };
}

/** Reads one or several ws:// or wss:// targets separated by commas. */
export function urls(text: string): string[] {
  const expected = 'a ws:// or wss:// address with a host, or several separated by commas';
  return text.split(',').map((part) => {
    const url = part.trim();
    const parts = splitUrl(url);
    if (!parts || (parts.port !== null && (parts.port < 1 || parts.port > 65_535))) throw new Expected(expected);
    if (parts.isIpv6Literal && !isIpv6(parts.host)) {
      throw new Expected('an IPv6 address of eight groups, or with one :: for those that are 0 (RFC 4291, 2.2)');
    }
    if (/%(?![0-9a-f]{2})/i.test(parts.host + parts.path)) {
      throw new Expected('an address with two hexadecimal digits after each % (RFC 3986, 2.1)');
    }
    if (parts.userInfo !== '') {
      throw new Expected(
        'an address without user:password@, which k6 refuses; put an Authorization header into WS_HEADERS',
      );
    }
    if (parts.fragment !== '') throw new Expected('an address without #fragment: WebSocket has none (RFC 6455, 3)');
    return url;
  });
}

/** Whether this is an IPv6 address as it stands between the brackets of a URL, with or without a zone. */
function isIpv6(text: string): boolean {
  const halves = text
    .replace(/%25.*$/, '')
    .replace(/(\d{1,3}\.){3}\d{1,3}$/, '0:0')
    .split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const areGroups = groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
  return areGroups && (halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8);
}

/**
 * Why these targets cannot be reached with this IP version, or null. Only literals can contradict it: names are
 * resolved by k6 under `dns.policy`, which does not touch literals.
 */
export function contradictsIpVersion(targets: readonly string[], ip: IpVersion): string | null {
  for (const url of targets) {
    const parts = splitUrl(url);
    if (!parts) continue;
    if (ip === '4' && parts.isIpv6Literal) {
      return `WS_URL=${publicUrl(url)} is an IPv6 address but WS_IP is 4: write WS_IP=6, or an IPv4 address or name in WS_URL, for example ws://127.0.0.1:${parts.port ?? 80}/`;
    }
    if (ip === '6' && /^\d+\.\d+\.\d+\.\d+$/.test(parts.host)) {
      return `WS_URL=${publicUrl(url)} is an IPv4 address but WS_IP is 6: write WS_IP=4, or an IPv6 address or name in WS_URL, for example ws://[::1]:${parts.port ?? 80}/`;
    }
  }
  return null;
}

/** The address without user info and query, which can hold secrets; what was left out shows as `…`. */
export function publicUrl(url: string): string {
  const parts = splitUrl(url);
  if (!parts) return '(not an address)';
  const host = parts.isIpv6Literal ? `[${parts.host}]` : parts.host;
  const port = parts.port === null ? '' : `:${parts.port}`;
  const query = parts.query === '' ? '' : '?…';
  return `${parts.scheme}://${parts.userInfo === '' ? '' : '…@'}${host}${port}${parts.path}${query}`;
}
