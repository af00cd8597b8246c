/** What k6's own connection meets is the proxy, not the target. */
const DIALLED: readonly string[] = ['refused', 'connect_timeout', 'dns', 'unreachable'];
/** What comes after it can be of either. */
const BEHIND: readonly string[] = [
  'reset',
  'handshake_timeout',
  'tls',
  'bad_handshake',
  'http_4xx',
  'http_5xx',
  'other',
];

/**
 * A sentence that names the proxies in the way, with a space at its end, to stand before adviceFor() of a connection
 * that was not established; empty without a proxy, or where one changes nothing.
 *
 * @param proxies - what proxyFor() returned for the targets.
 */
export function proxyAdvice(reason: string, proxies: readonly (string | null)[]): string {
  const names = [...new Set(proxies.filter((proxy) => proxy !== null))];
  if (names.length === 0) return '';
  const some = proxies.includes(null) ? 'some of the targets' : 'the target';
  const way = `The environment (HTTP_PROXY, HTTPS_PROXY) has k6 reach ${some} through ${names.join(' and ')}`;
  if (DIALLED.includes(reason)) {
    return `${way}, and this is about the way to that proxy: check it, or write the target's host into NO_PROXY. Otherwise: `;
  }
  return BEHIND.includes(reason)
    ? `${way}, which can be the cause: write the target's host into NO_PROXY to go around it. Otherwise: `
    : '';
}
