import { describe, expect, it } from 'vitest';
import { classifyConnectFailure, classifyDrop } from '../../../lib/connection/classify.ts';
import { CONNECT_FAILURES, type ConnectFailure, type Drop } from '../../../lib/connection/outcome.ts';

const A = '127.0.0.1:8081';
const PAIR = '127.0.0.1:50612->127.0.0.1:8081';

/** Literal texts: what k6 v2.2 printed on Linux against the fault server, or Go's and Windows' wording. */
const CONNECT: [ConnectFailure, string][] = [
  ['refused', `dial tcp ${A}: connect: connection refused`],
  ['reset', `dial tcp ${A}: connect: connection reset by peer`],
  ['reset', `read tcp ${PAIR}: read: connection reset by peer`],
  ['reset', `write tcp ${PAIR}: write: broken pipe`],
  ['reset', 'unexpected EOF'],
  ['reset', 'EOF'],
  ['handshake_timeout', `read tcp ${PAIR}: i/o timeout`],
  ['handshake_timeout', 'context deadline exceeded'],
  ['connect_timeout', `dial tcp ${A}: i/o timeout`],
  ['connect_timeout', `dial tcp ${A}: connect: connection timed out`],
  ['connect_timeout', `dial tcp ${A}: connect: operation timed out`],
  ['bad_handshake', 'websocket: bad handshake'],
  ['bad_handshake', 'malformed HTTP response "SSH-2.0-OpenSSH_9.6"'],
  ['bad_handshake', 'malformed HTTP response "connection refused by i/o timeout"'],
  ['bad_handshake', 'malformed MIME header line: connection refused'],
  ['bad_handshake', 'websocket: invalid compression negotiation'],
  ['dns', 'lookup no-such-host.invalid on 10.0.0.53:53: no such host'],
  ['dns', 'lookup example.com: i/o timeout'],
  ['dns', 'lookup example.com on 10.0.0.53:53: read udp 10.0.0.7:40000->10.0.0.53:53: i/o timeout'],
  ['dns', 'lookup example.com on 10.0.0.53:53: server misbehaving'],
  ['dns', 'lookup refused.example.com: no such host'],
  ['dns', 'lookup example.com: getaddrinfow: No such host is known.'],
  ['dns', 'lookup example.com: getaddrinfow: 不知道这样的主机。'],
  ['files_exhausted', `dial tcp ${A}: socket: too many open files`],
  ['files_exhausted', `dial tcp ${A}: socket: too many open files in system`],
  ['ports_exhausted', `dial tcp ${A}: connect: cannot assign requested address`],
  ['ports_exhausted', "dial tcp 127.0.0.1:8081: connect: can't assign requested address"],
  ['ports_exhausted', `dial tcp 10.0.0.1:0->${A}: bind: address already in use`],
  ['ports_exhausted', `dial tcp ${A}: connect: no buffer space available`],
  ['unreachable', 'dial tcp [2001:db8::1]:80: connect: network is unreachable'],
  ['unreachable', 'dial tcp [2001:db8::1]:80: connect: no route to host'],
  ['forbidden', `dial tcp ${A}: connect: permission denied`],
  ['forbidden', `dial tcp ${A}: connect: operation not permitted`],
  ['forbidden', 'IP (10.1.2.3) is in a blacklisted range (10.0.0.0/8)'],
  ['forbidden', 'hostname (example.com) is in a blocked pattern (*.com)'],
  ['tls', 'tls: first record does not look like a TLS handshake'],
  ['tls', 'remote error: tls: handshake failure'],
  ['tls', 'tls: failed to verify certificate: x509: certificate signed by unknown authority'],
  ['tls', 'x509: certificate is valid for 10.0.0.1, not 127.0.0.1'],
  ['interrupted', `dial tcp ${A}: operation was canceled`],
  ['interrupted', 'context canceled'],
  ['other', 'malformed ws or wss URL'],
  ['other', 'dial tcp: address 99999: invalid port'],
  ['other', 'Proxy Authentication Required'],
];

/** Windows: number, shape, reason, English, Chinese. Go asks for the English text, then the system's language. */
const WINDOWS: [number, string, ConnectFailure, string, string][] = [
  [
    10055,
    'dial tcp [::1]:8081: bind: ',
    'ports_exhausted',
    'An operation on a socket could not be performed because the system lacked sufficient buffer space or because a queue was full.',
    '由于系统缓冲区空间不足或队列已满，不能执行套接字上的操作。',
  ],
  [
    10048,
    `dial tcp ${A}: connectex: `,
    'ports_exhausted',
    'Only one usage of each socket address (protocol/network address/port) is normally permitted.',
    '通常每个套接字地址(协议/网络地址/端口)只允许使用一次。',
  ],
  [
    10061,
    `dial tcp ${A}: connectex: `,
    'refused',
    'No connection could be made because the target machine actively refused it.',
    '由于目标计算机积极拒绝，无法连接。',
  ],
  [
    10054,
    `read tcp ${PAIR}: wsarecv: `,
    'reset',
    'An existing connection was forcibly closed by the remote host.',
    '远程主机强迫关闭了一个现有的连接。',
  ],
  [
    10053,
    `write tcp ${PAIR}: wsasend: `,
    'reset',
    'An established connection was aborted by the software in your host machine.',
    '你的主机中的软件中止了一个已建立的连接。',
  ],
  [
    10060,
    `dial tcp ${A}: connectex: `,
    'connect_timeout',
    'A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond.',
    '由于连接方在一段时间后没有正确答复或连接的主机没有反应，连接尝试失败。',
  ],
  [
    10013,
    `dial tcp ${A}: connectex: `,
    'forbidden',
    'An attempt was made to access a socket in a way forbidden by its access permissions.',
    '以一种访问权限不允许的方式做了一个访问套接字的尝试。',
  ],
  [
    10051,
    `dial tcp ${A}: connectex: `,
    'unreachable',
    'A socket operation was attempted to an unreachable network.',
    '向一个无法连接的网络尝试了一个套接字操作。',
  ],
  [
    10065,
    `dial tcp ${A}: connectex: `,
    'unreachable',
    'A socket operation was attempted to an unreachable host.',
    '套接字操作尝试一个无法连接的主机。',
  ],
];

describe('a connect failure', () => {
  it.each(CONNECT)('%s: %s', (reason, error) => {
    expect(classifyConnectFailure(error, 0).reason).toBe(reason);
  });

  it.each(WINDOWS)(
    'Windows %i in English, Chinese and without a language',
    (number, shape, reason, english, chinese) => {
      for (const text of [english, chinese, `winapi error #${number}`]) {
        expect(classifyConnectFailure(shape + text, 0).reason, text).toBe(reason);
      }
    },
  );

  it('is one of the handshake when the established connection times out on Windows', () => {
    const error = `read tcp ${PAIR}: wsarecv: winapi error #10060`;
    expect(classifyConnectFailure(error, 0).reason).toBe('handshake_timeout');
  });

  it('is not read out of a port that looks like an error number', () => {
    const error = 'dial tcp 127.0.0.1:10055: connect: connection refused';
    expect(classifyConnectFailure(error, 0).reason).toBe('refused');
    expect(classifyConnectFailure('dial tcp [::1]:10013: connectex: winapi error #10061', 0).reason).toBe('refused');
  });

  it.each([
    [400, 'http_4xx', 'HTTP 400'],
    [429, 'http_4xx', 'HTTP 429'],
    [499, 'http_4xx', 'HTTP 499'],
    [500, 'http_5xx', 'HTTP 500'],
    [503, 'http_5xx', 'HTTP 503'],
    [200, 'bad_handshake', 'HTTP 200'],
    [302, 'bad_handshake', 'HTTP 302'],
    [101, 'bad_handshake', 'HTTP 101 with a wrong Upgrade, Connection, accept key or extension'],
  ])('by HTTP status %i', (status, reason, detail) => {
    expect(classifyConnectFailure('', status)).toEqual({ reason, detail });
  });

  it('without any text is counted all the same', () => {
    expect(classifyConnectFailure('', 0)).toEqual({ reason: 'other', detail: 'no error text' });
  });

  it('has a literal text or a status for every reason', () => {
    const tested = [...CONNECT.map(([reason]) => reason), 'http_4xx', 'http_5xx'];
    expect(CONNECT_FAILURES.filter((reason) => !tested.includes(reason))).toEqual([]);
  });
});

describe('the detail of a failure', () => {
  const detail = (error: string) => classifyConnectFailure(error, 0).detail;

  it.each([
    [`dial tcp ${A}: connect: connection refused`, 'dial tcp #: connect: connection refused'],
    [`read tcp ${PAIR}: i/o timeout`, 'read tcp #->#: i/o timeout'],
    ['dial tcp [fe80::1%eth0]:80: connect: no route to host', 'dial tcp #: connect: no route to host'],
    ['x509: certificate is valid for ::1, 10.0.0.1, not h', 'x509: certificate is valid for #, #, not h'],
    ['dial tcp [::1]:8081: bind: winapi error #10055', 'dial tcp #: bind: winapi error #10055'],
    ['lookup a.example on 10.0.0.53:53: no such host', 'lookup a.example on #: no such host'],
    ['something 17 and 4711 ms', 'something # and # ms'],
    ['x509: current time 2026-08-01T10:00:00Z is after 2026-07-01T00:00:00+02:00', 'x509: current time # is after #'],
    ['two\n lines', 'two lines'],
  ])('of %s is free of what varies', (error, expected) => {
    expect(detail(error)).toBe(expected);
  });

  it.each([
    'parse "ws://user:hunter2@host/path?token=hunter2": invalid port',
    'cannot reach ws://user:hunter2@host/path',
    'cannot reach wss://host/path?hunter2',
    'refused: /chat?access=hunter2',
    'bad header Authorization: Bearer hunter2',
    'api-key=hunter2',
    'Bearer hunter2',
    'Basic hunter2',
    'Cookie: session=hunter2; other',
    'malformed HTTP response "hunter2 \\" hunter2"',
    'malformed MIME header line: hunter2',
    'rejected eyJhbGciOiJIUzI1NiJ9hunter2.eyJzdWIiOiIxMjM0NTY3ODkwIn0hunter2',
  ])('of %s keeps no secret', (error) => {
    expect(detail(error)).not.toContain('hunter2');
  });

  it('is at most 120 characters long', () => {
    expect(detail('word '.repeat(100))).toHaveLength(120);
  });
});

/** What k6 v2.2 handed over when the fault server did this. */
const DROPS: [string, number | undefined, string | undefined, Drop, string][] = [
  ['k6/ws: close 1000', 1000, undefined, 'server_close', 'close 1000'],
  ['k6/ws: close 1001', 1001, '', 'server_close', 'close 1001'],
  ['k6/ws: close 1011', 1011, 'websocket: close 1011 (internal server error): x', 'server_close', 'close 1011'],
  ['k6/ws: close 4000', 4000, 'websocket: close 4000', 'server_close', 'close 4000'],
  ['k6/ws: close frame without a code', 1005, 'websocket: close 1005 (no status)', 'server_close', 'close 1005'],
  [
    'k6/ws: close 1011 after a failed write',
    1011,
    `write tcp ${PAIR}: write: broken pipe`,
    'server_close',
    'close 1011',
  ],
  [
    'FIN without a close frame',
    1006,
    'websocket: close 1006 (abnormal closure): unexpected EOF',
    'reset',
    'connection ended without a close frame',
  ],
  ['k6/ws: RST on Linux', 1001, `write tcp ${PAIR}: write: broken pipe`, 'reset', 'write tcp #->#: write: broken pipe'],
  [
    'k6/ws: RST on Windows',
    1001,
    `write tcp ${PAIR}: wsasend: winapi error #10054`,
    'reset',
    'write tcp #->#: wsasend: winapi error #10054',
  ],
  ['k6/ws: a frame against RFC 6455', 1001, 'websocket: close sent', 'protocol_error', 'a frame against RFC 6455'],
  [
    'k6/websockets: RST or a frame against RFC 6455',
    undefined,
    undefined,
    'reset',
    'no close code: reset, or a frame against RFC 6455 (k6/websockets tells no more)',
  ],
  [
    'k6/websockets: RST, found by a write',
    undefined,
    `write tcp ${PAIR}: write: connection reset by peer`,
    'reset',
    'write tcp #->#: write: connection reset by peer',
  ],
  ['k6/websockets: close 1001', 1001, undefined, 'server_close', 'close 1001'],
  ['interrupted', undefined, 'context canceled', 'interrupted', 'context canceled'],
  ['unknown text', undefined, 'something new 17', 'reset', 'something new #'],
];

describe('a drop', () => {
  it.each(DROPS)('%s', (_name, closeCode, error, reason, detail) => {
    expect(classifyDrop({ closeCode, error })).toEqual({ reason, detail });
  });

  it.each([
    'bad opcode 3',
    'bad MASK',
    'RSV1 set',
    'RSV2 set, FIN not set on control',
    'RSV3 set',
    'len > 125 for control',
    'data before FIN',
    'continuation after FIN',
    'bad close code 1005',
    'invalid utf8 payload in close frame',
    'read limit exceeded',
  ])('by gorilla/websocket: %s', (text) => {
    expect(classifyDrop({ closeCode: undefined, error: `websocket: ${text}` }).reason).toBe('protocol_error');
  });

  it('shows nothing of what the server wrote into its close frame', () => {
    const error = 'websocket: close 1011 (internal server error): token=hunter2';
    expect(JSON.stringify(classifyDrop({ closeCode: 1011, error }))).not.toContain('hunter2');
  });
});
