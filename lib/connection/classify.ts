import type { ConnectFailure, Drop } from './outcome.ts';

/** A row of wordings: the first row with a text that occurs in the error decides. */
type Row<Reason> = readonly [reason: Reason, texts: readonly string[]];

const DETAIL_LENGTH = 120;

/** Built upon the first failure: in the init code of 10,000 VUs it would cost memory that most never use. */
let connectRows: readonly Row<ConnectFailure>[] | undefined;

/**
 * Why a connection was not established. What no row knows is `other`, with its text.
 *
 * @param error - Go's text as k6 hands it on, or an empty one.
 * @param status - HTTP status of the answer, 0 if there was none. k6/ws tells it instead of a text; k6/websockets
 *   never tells it: there every refusal reads `websocket: bad handshake`, and only the `status` tag of k6's own
 *   `ws_sessions` knows more.
 * @returns detail: a text to count by, without addresses, numbers that vary, or secrets (see detailOf).
 */
export function classifyConnectFailure(error: string, status: number): { reason: ConnectFailure; detail: string } {
  if (status >= 500) return { reason: 'http_5xx', detail: `HTTP ${status}` };
  if (status >= 400) return { reason: 'http_4xx', detail: `HTTP ${status}` };
  if (status === 101) {
    return { reason: 'bad_handshake', detail: 'HTTP 101 with a wrong Upgrade, Connection, accept key or extension' };
  }
  if (status > 0) return { reason: 'bad_handshake', detail: `HTTP ${status}` };
  connectRows ??= rowsOfConnect();
  const reason = firstMatch(connectRows, error) ?? 'other';
  if (reason === 'connect_timeout' && !/\bdial\b|connectex/.test(error)) {
    return { reason: 'handshake_timeout', detail: detailOf(error) };
  }
  return { reason, detail: detailOf(error) };
}

/**
 * Why an established connection went. k6/ws reports what the peer did only indirectly (seen with k6 v2.2):
 * after a reset the handler gets 1001 because k6's own close frame cannot be written, after a frame against RFC 6455
 * it gets 1001 because one has been written already, and 1001 from the server comes without an error. k6/websockets
 * gives neither code nor error in the first two cases, so that they cannot be told apart.
 *
 * @param input.closeCode - as the `close` event has it.
 * @param input.error - text of the last `error` event before it, if any. The server's reason text is never used.
 */
export function classifyDrop(input: { closeCode: number | undefined; error: string | undefined }): {
  reason: Drop;
  detail: string;
} {
  const { closeCode, error = '' } = input;
  if (closeCode === 1006) return { reason: 'reset', detail: 'connection ended without a close frame' };
  if (closeCode !== undefined && closeCode !== 1001) return { reason: 'server_close', detail: `close ${closeCode}` };
  const reason = firstMatch(rowsOfDrop(), error);
  if (reason === 'protocol_error') return { reason, detail: 'a frame against RFC 6455' };
  if (reason) return { reason, detail: detailOf(error) };
  if (closeCode === 1001) return { reason: 'server_close', detail: 'close 1001' };
  if (error !== '') return { reason: 'reset', detail: detailOf(error) };
  return { reason: 'reset', detail: 'no close code: reset, or a frame against RFC 6455 (k6/websockets tells no more)' };
}

function firstMatch<Reason>(rows: readonly Row<Reason>[], error: string): Reason | null {
  // Without addresses and quotations: a port number or a server's words must not look like an error.
  const text = withoutVariables(error).toLowerCase();
  return rows.find(([, texts]) => texts.some((wording) => text.includes(wording)))?.[0] ?? null;
}

/**
 * An error's text, fit to be shown, counted and stored: what differs from connection to connection or can hold a
 * secret (quotations, URLs, addresses, credentials, long tokens, numbers) becomes `#`; at most 120 characters.
 * Windows' error numbers stay, as `#10055`.
 */
function detailOf(error: string): string {
  const text = withoutVariables(error)
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?/g, '#')
    .replace(/(?<![\w#])\d+(?!\w)/g, '#');
  if (text === '') return 'no error text';
  return text.length > DETAIL_LENGTH ? `${text.slice(0, DETAIL_LENGTH - 1)}…` : text;
}

function withoutVariables(error: string): string {
  return error
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/"(?:[^"\\]|\\.)*"?|`[^`]*`?/g, '"#"')
    .replace(/(malformed MIME header[^:]*:).*/, '$1 #')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, 'url')
    .replace(
      /\[[0-9a-f:.]+(%\w+)?\](:\d+)?|\b\d+\.\d+\.\d+\.\d+(:\d+)?|(?<!\w)[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}(?!\w)/gi,
      '#',
    )
    .replace(/\b(authorization|cookie|token|api[-_]?key|password|passwd|secret|signature)\b\s*[:=].*/gi, '$1: #')
    .replace(/\b(bearer|basic)\s+\S+/gi, '$1 #')
    .replace(/\?\S+/g, '?#')
    .replace(/[\w~+/=-]{20,}/g, (word) => (/\d/.test(word) ? '#' : word));
}

/**
 * Wordings of Go (without a language), Linux, macOS and Windows: English, Chinese, and the number, which is all that
 * is left where Windows has no text (`winapi error #N`). Order matters: `lookup …: i/o timeout` is a matter of names,
 * not of the target.
 */
function rowsOfConnect(): readonly Row<ConnectFailure>[] {
  return [
    ['interrupted', ['context canceled', 'operation was canceled']],
    // k6's own options blacklistIPs and blockHostnames.
    ['forbidden', ['is in a blacklisted range', 'is in a blocked pattern']],
    ['dns', ['lookup ', 'no such host', 'server misbehaving', 'name resolution', '11001']],
    ['files_exhausted', ['too many open files', 'too many open sockets', '10024']],
    [
      'ports_exhausted',
      [
        'cannot assign requested address',
        "can't assign requested address",
        'address already in use',
        'no buffer space available',
        'lacked sufficient buffer space',
        '缓冲区空间不足',
        '10055',
        'only one usage of each socket address',
        '套接字地址(协议/网络地址/端口)',
        '10048',
      ],
    ],
    ['refused', ['connection refused', 'actively refused', '积极拒绝', '10061']],
    ['tls', ['tls:', 'x509:', 'certificate']],
    [
      'unreachable',
      [
        'network is unreachable',
        'network is down',
        'no route to host',
        'host is down',
        'unreachable network',
        '无法连接的网络',
        '10051',
        'unreachable host',
        '无法连接的主机',
        '10065',
      ],
    ],
    [
      'forbidden',
      [
        'permission denied',
        'operation not permitted',
        'forbidden by its access permissions',
        '以一种访问权限不允许的方式',
        '10013',
      ],
    ],
    // Only a timeout while dialling is one of connecting; see classifyConnectFailure.
    [
      'connect_timeout',
      [
        'i/o timeout',
        'connection timed out',
        'operation timed out',
        'did not properly respond',
        '没有正确答复',
        '10060',
        'context deadline exceeded',
        'handshake timeout',
      ],
    ],
    ['reset', resetTexts()],
    ['bad_handshake', ['bad handshake', 'malformed http', 'malformed mime', 'invalid compression negotiation']],
    // Last: the letters are part of other texts. FIN instead of an answer.
    ['reset', ['eof']],
  ];
}

/** Where the code does not tell: what k6's failing write, and gorilla/websocket's checks of a frame, say. */
function rowsOfDrop(): readonly Row<Drop>[] {
  return [
    ['interrupted', ['context canceled', 'operation was canceled']],
    [
      'protocol_error',
      [
        'close sent',
        'bad opcode',
        'bad mask',
        'rsv1 set',
        'rsv2 set',
        'rsv3 set',
        'for control',
        'on control',
        'before fin',
        'after fin',
        'bad close code',
        'invalid utf8',
        'read limit exceeded',
        'flate',
      ],
    ],
    ['reset', [...resetTexts(), 'write tcp', 'read tcp', 'timed out', 'i/o timeout', 'eof']],
  ];
}

function resetTexts(): string[] {
  return [
    'connection reset by peer',
    'broken pipe',
    'connection abort',
    'forcibly closed',
    '强迫关闭',
    '10054',
    'aborted by the software',
    '中止了一个已建立的连接',
    '10053',
  ];
}
