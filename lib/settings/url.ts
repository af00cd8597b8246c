import { Expected } from './parsers.ts';
import type { IpVersion } from './settings.ts';

/** The parts of an address that urls() takes. */
export interface UrlParts {
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
  /^(wss?):\/\/(?:([^@/?#]*)@)?(\[[0-9a-fA-F:.]+(?:%25[\w.~-]+)?\]|[^:/?#[\]\s@]+)(?::(\d{1,5}))?(\/[^?# \t-\r]*)?(\?[^# \t-\r]*)?(#.*)?$/;

/** The parts of an address; null if it is none. */
export function splitUrl(text: string): UrlParts | null {
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

/** Another address after something that is no comma. */
const SEVERAL = /[\s;|]wss?:\/\//i;

const EXPECTED = 'a ws:// or wss:// address with a host, or several separated by commas';

/**
 * Reads one or several ws:// or wss:// targets separated by commas. Path and query are percent-encoded as browsers do;
 * what is encoded already stays, and so do braces: they are for the columns of users (template.ts).
 */
export function urls(text: string): string[] {
  const addresses = text.split(',').map((part) => part.trim());
  return addresses.map((url, i) => {
    const parts = splitUrl(url);
    if (!parts || SEVERAL.test(url) || (parts.port !== null && (parts.port < 1 || parts.port > 65_535))) {
      const problem = problemOf(url, i, addresses.length);
      throw new Expected(problem ? `${EXPECTED}; ${problem}` : EXPECTED);
    }
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
    if (/[^!-~]/.test(parts.host)) {
      throw new Expected('a host in ASCII, which k6 does not make of it: münchen.example is xn--mnchen-3ya.example');
    }
    const [, beginning = '', path = '', query = ''] = /^(wss?:\/\/[^/?]*)([^?]*)(.*)$/.exec(url) ?? [];
    return beginning + encoded(path, /["<>^`]/) + encoded(query, /["'<>]/);
  });
}

/**
 * Percent-encoded as the URL standard does (https://url.spec.whatwg.org/#percent-encoded-bytes): all that is not
 * ASCII, controls, and the characters of the component's own set, but for braces.
 */
function encoded(component: string, set: RegExp): string {
  // By characters: in k6 a regular expression with both halves of one finds none.
  return Array.from(component, (character) => {
    if (/^[!-~]$/.test(character) && !set.test(character)) return character;
    // What encodeURIComponent leaves, and what it throws at: half of a character.
    if (character === "'") return '%27';
    const isHalf = character.length === 1 && character >= '\ud800' && character <= '\udfff';
    return encodeURIComponent(isHalf ? '\ufffd' : character);
  }).join('');
}

/**
 * What is wrong with an address, in words that may be shown: nothing of it but its scheme. Empty: nothing that is
 * usual.
 *
 * @param index - place among `count` addresses.
 */
function problemOf(url: string, index: number, count: number): string {
  const it = count === 1 ? 'it' : `number ${index + 1} of ${count}`;
  if (/^["'`\u2018-\u201f]|["'`\u2018-\u201f]$/.test(url)) return `${it} has quotes around it: leave them out`;
  const scheme = /^[a-z][a-z0-9+.-]{0,15}:\/\//i.exec(url)?.[0];
  if (scheme && scheme !== 'ws://' && scheme !== 'wss://') {
    const right = /^(wss|https):/i.test(scheme) ? 'wss://' : 'ws://';
    return `${it} begins with ${scheme}: write ${right} in its place`;
  }
  if (!scheme && url !== '' && index > 0) {
    return `what follows comma ${index} does not begin with ws:// or wss://: write a comma inside an address as %2C`;
  }
  if (!scheme) return url === '' ? '' : `${it} does not begin with ws:// or wss://`;
  if (SEVERAL.test(url)) return `${it} has another address inside: write a comma between them`;
  if (/^wss?:\/\/[0-9a-f]*:[0-9a-f]*:/i.test(url)) {
    return `${it} has an IPv6 address without brackets: write it as in ws://[::1]:8081/`;
  }
  if (/^wss?:\/\/([:/?#]|$)/.test(url)) return `${it} has no host`;
  const port = /^wss?:\/\/(?:[^@/?#]*@)?(?:\[[^\]]*\]|[^:/?#[\]\s]*):([^/?#\s]*)/.exec(url)?.[1];
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)) {
    return `${it} has a port that is no number from 1 to 65535`;
  }
  if (/\s/.test(url)) return `${it} has a space inside: write it as %20`;
  return '';
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
