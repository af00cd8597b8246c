import { expect, it } from 'vitest';
import { CONNECT_FAILURES } from '../../../lib/connection/outcome.ts';
import { proxyAdvice } from '../../../lib/report/proxy-advice.ts';

const PROXY = 'http://proxy.example:3128';

it('without a proxy there is none', () => {
  for (const reason of CONNECT_FAILURES) expect(proxyAdvice(reason, [null, null])).toBe('');
});

it('names the proxy as what was dialled', () => {
  for (const reason of ['refused', 'connect_timeout', 'dns', 'unreachable']) {
    expect(proxyAdvice(reason, [PROXY, PROXY])).toBe(
      `The environment (HTTP_PROXY, HTTPS_PROXY) has k6 reach the target through ${PROXY}, and this is about the way to that proxy: check it, or write the target's host into NO_PROXY. Otherwise: `,
    );
  }
});

it('names each proxy as a possible cause of what came after it', () => {
  for (const reason of ['reset', 'handshake_timeout', 'tls', 'bad_handshake', 'http_4xx', 'http_5xx', 'other']) {
    expect(proxyAdvice(reason, [PROXY, null, 'socks5://p'])).toBe(
      `The environment (HTTP_PROXY, HTTPS_PROXY) has k6 reach some of the targets through ${PROXY} and socks5://p, which can be the cause: write the target's host into NO_PROXY to go around it. Otherwise: `,
    );
  }
});

it('is silent where a proxy changes nothing', () => {
  for (const reason of [
    'ports_exhausted',
    'files_exhausted',
    'forbidden',
    'subprotocol',
    'script_error',
    'interrupted',
  ]) {
    expect(proxyAdvice(reason, [PROXY])).toBe('');
  }
});
