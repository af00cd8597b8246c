import { describe, expect, it } from 'vitest';
import { classifier } from '../../../lib/connection/classify.ts';
import { adviceForDetail } from '../../../lib/report/detail-advice.ts';

/** Errors as k6 v2.2 hands them over, with words of the advice. Those of TLS were met with real servers. */
const ERRORS: [string, string][] = [
  ['remote error: tls: certificate required', 'tlsAuth'],
  ['remote error: tls: bad certificate', "did not accept the client's certificate"],
  ['remote error: tls: handshake failure', 'K6_TLS_CIPHER_SUITES'],
  ['remote error: tls: protocol version not supported', 'tlsVersion'],
  ['tls: server selected unsupported protocol version 302', 'tlsVersion'],
  [
    'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-26T09:06:42Z is after 2020-02-01T00:00:00Z',
    'renew it',
  ],
  [
    'tls: failed to verify certificate: x509: certificate is valid for other.example, third.example, not localhost',
    'other names',
  ],
  [
    'tls: failed to verify certificate: x509: certificate is not valid for any names, but wanted to match localhost',
    'other names',
  ],
  [
    "tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
    'other names',
  ],
  ['tls: failed to verify certificate: x509: certificate signed by unknown authority', 'SSL_CERT_FILE'],
  [
    'tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "x509: invalid signature: parent certificate cannot sign this kind of certificate" while trying to verify candidate authority certificate "localhost")',
    'self-signed',
  ],
  ['x509: failed to load system roots and no roots provided', 'ca-certificates'],
  ['tls: first record does not look like a TLS handshake', 'write ws:// in WS_URL'],
  ['malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02F"', 'write wss:// in WS_URL'],
  ['unexpected EOF', 'write wss:// in WS_URL'],
  ['Proxy Authentication Required', 'user:password@host:port'],
  ['Forbidden', 'NO_PROXY'],
  ['Bad Gateway', 'The proxy did not reach the target'],
  ['proxy: unknown scheme: https', 'socks5://'],
  ['proxy: SOCKS5 proxy at 127.0.0.1:1080 requires authentication', 'not about the target'],
  ['proxyconnect tcp: dial tcp 127.0.0.1:3128: connect: connection refused', 'not about the target'],
  ['websocket: invalid compression negotiation', 'WS_COMPRESSION'],
  ['dial tcp 10.9.9.9:0->127.0.0.1:80: bind: cannot assign requested address', '--local-ips'],
];

describe('advice on a text', () => {
  const detailOf = (error: string) => classifier().connectFailure(error, 0).detail;

  it.each(ERRORS)('%s', (error, words) => {
    expect(adviceForDetail(detailOf(error))).toContain(words);
  });

  it.each([
    ['HTTP 400', 'wss://'],
    ['close 1000', 'limits of age and idleness'],
    ['close 1001: bye', 'restart'],
    ['close 1005', 'heartbeat'],
    ['close 1006', 'without a close frame'],
    ['close 1008: policy', 'credentials'],
    ['close 1009', 'WS_MESSAGE_SIZE'],
    ['close 1011: out of rooms', 'its log'],
    ['close 1012', 'restarts'],
    ['close 1013', 'too much to do'],
    ['close 2999', 'No standard'],
    ['close 3501: bad request', 'framework'],
    ['close 4401: auth first', "the server's own"],
    ['write tcp #->#: wsasend: winapi error #10055', 'Windows on this host'],
  ])('%s', (detail, words) => {
    expect(adviceForDetail(detail)).toContain(words);
  });

  it('is one sentence, and shows no way to a green run in which nothing was answered', () => {
    const details = [
      ...ERRORS.map(([error]) => detailOf(error)),
      ...Array.from({ length: 15 }, (_, i) => `close ${1000 + i}`),
    ];
    for (const detail of details) {
      const advice = adviceForDetail(detail);
      expect(advice, detail).toMatch(/^[A-Z].*[^.]\.$/);
      expect(advice).not.toMatch(/[a-z]\. [A-Z]|any-reply|send-only|\blisten\b|next-frame|WS_MIN_/);
    }
  });

  it.each(['dial tcp #: connect: connection refused', 'HTTP 503', 'no error text', 'my word', 'disclose 1000'])(
    'there is none on %s',
    (detail) => {
      expect(adviceForDetail(detail)).toBeNull();
    },
  );
});
