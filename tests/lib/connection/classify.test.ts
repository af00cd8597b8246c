import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classifier } from '../../../lib/connection/classify.ts';
import { CONNECT_FAILURES, type ConnectFailure, type Drop } from '../../../lib/connection/outcome.ts';

const { connectFailure, drop, sanitise } = classifier();

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
  ['http_4xx', 'Proxy Authentication Required'],
  ['http_4xx', 'Proxy Authentication Required ( The server requires authorization )'],
  ['http_4xx', 'Forbidden'],
  ['http_5xx', 'Bad Gateway'],
  ['http_5xx', 'Service Unavailable'],
  ['http_5xx', 'Gateway Time-out'],
  ['other', 'Filtered by policy'],
  ['other', 'proxy: unknown scheme: https'],
  ['refused', `proxyconnect tcp: dial tcp ${A}: connect: connection refused`],
  ['refused', 'proxy: SOCKS5 proxy at 10.0.0.1:1080 failed to connect: connection refused'],
  ['tls', 'malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02F"'],
  ['tls', 'remote error: tls: certificate required'],
  ['tls', 'remote error: tls: protocol version not supported'],
  ['unreachable', 'dial tcp [::1]:80: socket: address family not supported by protocol'],
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

/**
 * German, Japanese, Russian, French, Korean and traditional Chinese: what Go prints where Windows has no English text.
 * `bind:`, `wsarecv:` and `wsasend:` tell by themselves; the wordings are for what they leave open.
 */
const LANGUAGES: [ConnectFailure, string, string[]][] = [
  [
    'ports_exhausted',
    'dial tcp [::1]:8081: bind: ',
    [
      'Ein Socketvorgang konnte nicht ausgeführt werden, da dem System Pufferspeicher fehlte oder eine Warteschlange voll war.',
      'システムのバッファー領域が不足しているか、またはキューがいっぱいなため、ソケット操作を実行できませんでした。',
      'Невозможно выполнить операцию на сокете, т.к. буфер слишком мал или очередь переполнена.',
      'Une opération sur un socket n’a pas pu être effectuée car le système ne disposait pas de suffisamment d’espace dans la mémoire tampon ou parce que la file d’attente était saturée.',
      '시스템의 버퍼 공간이 부족하거나 큐가 꽉 차서 소켓에서 작업을 수행하지 못했습니다.',
      '無法在通訊端上執行操作，因為系統缺乏足夠的緩衝區空間，或因為佇列已滿。',
      'words of a language that no rule knows',
    ],
  ],
  [
    'ports_exhausted',
    `dial tcp ${A}: connectex: `,
    [
      'Normalerweise darf jede Socketadresse (Protokoll, Netzwerkadresse oder Anschluss) nur jeweils einmal verwendet werden.',
      '通常、各ソケット アドレスに対してプロトコル、ネットワーク アドレス、またはポートのどれか 1 つのみを使用できます。',
      'Обычно разрешается только одно использование адреса сокета (протокол/сетевой адрес/порт).',
      'Une seule utilisation de chaque adresse de socket (protocole/adresse réseau/port) est habituellement autorisée.',
      '각 소켓 주소(프로토콜/네트워크 주소/포트)는 하나만 사용할 수 있습니다.',
      '一次只能用一個通訊端位址 (通訊協定/網路位址/連接埠)。',
      'Ein Socketvorgang konnte nicht ausgeführt werden, da dem System Pufferspeicher fehlte oder eine Warteschlange voll war.',
      'システムのバッファー領域が不足しているか、またはキューがいっぱいなため、ソケット操作を実行できませんでした。',
      'Невозможно выполнить операцию на сокете, т.к. буфер слишком мал или очередь переполнена.',
      'Une opération sur un socket n’a pas pu être effectuée car le système ne disposait pas de suffisamment d’espace dans la mémoire tampon ou parce que la file d’attente était saturée.',
      '시스템의 버퍼 공간이 부족하거나 큐가 꽉 차서 소켓에서 작업을 수행하지 못했습니다.',
      '無法在通訊端上執行操作，因為系統缺乏足夠的緩衝區空間，或因為佇列已滿。',
    ],
  ],
  ...[`dial tcp ${A}: connectex: `, 'dial tcp [::1]:8081: bind: '].map((shape): [ConnectFailure, string, string[]] => [
    'forbidden',
    shape,
    [
      'Der Zugriff auf einen Socket war aufgrund der Zugriffsrechte des Sockets unzulässig.',
      'アクセス許可で禁じられた方法でソケットにアクセスしようとしました。',
      'Сделана попытка доступа к сокету методом, запрещенным правами доступа.',
      'Une tentative d’accès à un socket de manière interdite par ses autorisations d’accès a été tentée.',
      '액세스 권한에 의해 숨겨진 소켓에 액세스를 시도했습니다.',
      '嘗試存取通訊端被拒絕，因為存取權限不足。',
      'winapi error #10013',
    ],
  ]),
  [
    'refused',
    `dial tcp ${A}: connectex: `,
    [
      'Es konnte keine Verbindung hergestellt werden, da der Zielcomputer die Verbindung verweigerte.',
      '対象のコンピューターによって拒否されたため、接続できませんでした。',
      'Подключение не установлено, т.к. конечный компьютер отверг запрос на подключение.',
      'Aucune connexion n’a pu être établie car l’ordinateur cible l’a expressément refusée.',
      '대상 컴퓨터에서 연결을 거부했으므로 연결하지 못했습니다.',
      '無法連線，因為目標電腦拒絕連線。',
      'The remote computer refused the network connection.',
      'winapi error #1225',
    ],
  ],
  ...(
    [
      ['connect_timeout', `dial tcp ${A}: connectex: `],
      ['handshake_timeout', `read tcp ${PAIR}: wsarecv: `],
    ] as const
  ).map(([reason, shape]): [ConnectFailure, string, string[]] => [
    reason,
    shape,
    [
      'Ein Verbindungsversuch ist fehlgeschlagen, da die Gegenstelle nach einer bestimmten Zeitspanne nicht richtig reagiert hat, oder die hergestellte Verbindung war fehlerhaft, da der verbundene Host nicht reagiert hat.',
      '接続済みの呼び出し先が一定の時間を過ぎても正しく応答しなかったため、接続できませんでした。または接続済みのホストが応答しなかったため、確立された接続は失敗しました。',
      'Попытка установить соединение была безуспешной, т.к. от другого компьютера за требуемое время не получен нужный отклик, или было разорвано уже установленное соединение из-за неверного отклика уже подключенного компьютера.',
      'Une tentative de connexion a échoué car le parti connecté n’a pas répondu convenablement au-delà d’une certaine durée ou une connexion établie a échoué car l’hôte de connexion n’a pas répondu.',
      '연결된 구성원으로부터 응답이 없어 연결하지 못했거나, 호스트로부터 응답이 없어 연결이 끊어졌습니다.',
      '連線嘗試失敗，因為連線對象有一段時間並未正確回應，或是連線建立失敗，因為連線的主機無法回應。',
      'The semaphore timeout period has expired.',
      'winapi error #121',
    ],
  ]),
  [
    'unreachable',
    `dial tcp ${A}: connectex: `,
    [
      'Ein Socketvorgang bezog sich auf ein nicht verfügbares Netzwerk.',
      'Ein Socketvorgang bezog sich auf einen nicht verfügbaren Host.',
      'Der Host war bei einem Socketvorgang nicht erreichbar.',
      '到達できないネットワークに対してソケット操作を実行しようとしました。',
      '到達できないホストに対してソケット操作を実行しようとしました。',
      'Сделана попытка выполнить операцию на сокете при отключенной сети.',
      'Была предпринята попытка выполнить операцию на сокете для недоступного хоста.',
      'Une opération a été tentée sur un réseau impossible à atteindre.',
      'Une opération a été tentée sur un hôte impossible à atteindre.',
      '연결할 수 없는 네트워크에서 소켓 작업을 시도했습니다.',
      '연결할 수 없는 호스트로 소켓 작업을 시도했습니다.',
      '通訊端操作嘗試連線到一個無法連線的網路。',
      '通訊端操作嘗試連線到一個無法連線的主機。',
      'The network location cannot be reached. For information about network troubleshooting, see Windows Help.',
      'The requested address is not valid in its context.',
      'winapi error #1231',
    ],
  ],
  ...[`read tcp ${PAIR}: wsarecv: `, `write tcp ${PAIR}: wsasend: `].map(
    (shape): [ConnectFailure, string, string[]] => [
      'reset',
      shape,
      [
        'Eine vorhandene Verbindung wurde vom Remotehost geschlossen.',
        '既存の接続はリモート ホストに強制的に切断されました。',
        'Удаленный хост принудительно разорвал существующее подключение.',
        'The specified network name is no longer available.',
        'words of a language that no rule knows',
        'winapi error #64',
      ],
    ],
  ),
  [
    'other',
    `dial tcp ${A}: connectex: `,
    ['words of a language that no rule knows', 'winapi error #6400', 'winapi error #12250'],
  ],
];

describe('a connect failure', () => {
  it.each(CONNECT)('%s: %s', (reason, error) => {
    expect(connectFailure(error, 0).reason).toBe(reason);
  });

  it.each(WINDOWS)(
    'Windows %i in English, Chinese and without a language',
    (number, shape, reason, english, chinese) => {
      for (const text of [english, chinese, `winapi error #${number}`]) {
        expect(connectFailure(shape + text, 0).reason, text).toBe(reason);
      }
    },
  );

  it.each(LANGUAGES)('%s after %s in other languages of Windows', (reason, shape, texts) => {
    for (const text of texts) expect(connectFailure(shape + text, 0).reason, text).toBe(reason);
  });

  it('that stays unknown says at which call it was', () => {
    expect(connectFailure('dial tcp [::1]:8081: connectex: Ismeretlen hiba.', 0)).toEqual({
      reason: 'other',
      detail: 'dial tcp #: connectex: Ismeretlen hiba.',
    });
  });

  it.each([
    ['Proxy Authentication Required', 'HTTP 407 from the proxy'],
    ['Forbidden', 'HTTP 403 from the proxy'],
    ['Bad Gateway', 'HTTP 502 from the proxy'],
    // Of k6/http, with which a conversation may fetch a token.
    [
      `proxyconnect tcp: dial tcp ${A}: connect: connection refused`,
      'proxyconnect tcp: dial tcp #: connect: connection refused',
    ],
    ['malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02F"', 'the port answered ws:// in TLS'],
  ])('by a proxy or a port that speaks TLS: %s', (error, detail) => {
    expect(connectFailure(error, 0).detail).toBe(detail);
  });

  it('is one of compression when k6/ws tells status 101 together with that text', () => {
    expect(connectFailure('websocket: invalid compression negotiation', 101)).toEqual({
      reason: 'bad_handshake',
      detail: 'websocket: invalid compression negotiation',
    });
  });

  it.each([
    ['', 'HTTP 101 with a wrong Upgrade, Connection or accept key'],
    ['x-other', 'HTTP 101 with a wrong Upgrade, Connection or accept key'],
    [
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
      'HTTP 101 with a wrong Upgrade, Connection or accept key',
    ],
    ['permessage-deflate', 'websocket: invalid compression negotiation'],
    ['permessage-deflate; server_no_context_takeover', 'websocket: invalid compression negotiation'],
    ['permessage-deflate; client_no_context_takeover', 'websocket: invalid compression negotiation'],
  ])('is told by the extensions when k6/ws tells status 101 without a text: %j', (extensions, detail) => {
    expect(connectFailure('', 101, extensions)).toEqual({ reason: 'bad_handshake', detail });
  });

  it('is one of the handshake when the established connection times out on Windows', () => {
    const error = `read tcp ${PAIR}: wsarecv: winapi error #10060`;
    expect(connectFailure(error, 0).reason).toBe('handshake_timeout');
  });

  it('is not read out of a port that looks like an error number', () => {
    const error = 'dial tcp 127.0.0.1:10055: connect: connection refused';
    expect(connectFailure(error, 0).reason).toBe('refused');
    expect(connectFailure('dial tcp [::1]:10013: connectex: winapi error #10061', 0).reason).toBe('refused');
  });

  it.each([
    [400, 'http_4xx', 'HTTP 400'],
    [429, 'http_4xx', 'HTTP 429'],
    [499, 'http_4xx', 'HTTP 499'],
    [500, 'http_5xx', 'HTTP 500'],
    [503, 'http_5xx', 'HTTP 503'],
    [200, 'bad_handshake', 'HTTP 200'],
    [302, 'bad_handshake', 'HTTP 302'],
    [101, 'bad_handshake', 'HTTP 101 with a wrong Upgrade, Connection or accept key'],
  ])('by HTTP status %i', (status, reason, detail) => {
    expect(connectFailure('', status)).toEqual({ reason, detail });
  });

  it('without any text is counted all the same', () => {
    expect(connectFailure('', 0)).toEqual({ reason: 'other', detail: 'no error text' });
  });

  it('has a literal text or a status for every reason', () => {
    // The last two are found out by the connection itself.
    const tested = [...CONNECT.map(([reason]) => reason), 'http_4xx', 'http_5xx', 'subprotocol', 'script_error'];
    expect(CONNECT_FAILURES.filter((reason) => !tested.includes(reason))).toEqual([]);
  });
});

describe('the detail of a failure', () => {
  const detail = (error: string) => connectFailure(error, 0).detail;

  it.each([
    [`dial tcp ${A}: connect: connection refused`, 'dial tcp #: connect: connection refused'],
    [`read tcp ${PAIR}: i/o timeout`, 'read tcp #->#: i/o timeout'],
    ['dial tcp [fe80::1%eth0]:80: connect: no route to host', 'dial tcp #: connect: no route to host'],
    ['x509: certificate is valid for ::1, 10.0.0.1, not h', 'x509: certificate is valid for #, #, not h'],
    ['dial tcp [::1]:8081: bind: winapi error #10055', 'dial tcp #: bind: winapi error #10055'],
    ['lookup a.example on 10.0.0.53:53: no such host', 'lookup a.example on #: no such host'],
    ['something 17 and 4711 ms', 'something # and # ms'],
    ['x509: current time 2026-08-01T10:00:00Z is after 2026-07-01T00:00:00+02:00', 'x509: current time # is after #'],
    [
      'x509: certificate signed by unknown authority (possibly because of "x509: invalid signature" while trying to verify candidate authority certificate "localhost")',
      'x509: certificate signed by unknown authority',
    ],
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

describe('sanitise()', () => {
  it.each([
    ['no control characters', 'red \u001b[31m alert\u0000\u0007', 'red [31m alert'],
    ['no marks that turn the direction of writing', 'a\u202eb\u200fc', 'a b c'],
    ['no addresses of mail', 'user ann@example.org is gone', 'user # is gone'],
    ['no double colon, which k6 refuses in the name of a check', 'std::exception::what', 'std:exception:what'],
    ['text in all scripts', '认证失败, réessayez', '认证失败, réessayez'],
  ])('leaves %s', (_name, text, expected) => {
    expect(sanitise(text, 120)).toBe(expected);
  });

  it.each(['x', 'a.b-', 'a:', '1', 'a@', '" '])('takes no longer for a frame of megabytes of %j', (text) => {
    const long = sanitise(text.repeat(2_000_000), 80);
    expect(long.length).toBeLessThanOrEqual(80);
    expect(long).toBe(sanitise(text.repeat(2_000), 80));
  });

  it('shows no beginning of a token where it stops to look', () => {
    const token = 'hunter2hunter2hunter2hunter2';
    for (let at = 960; at < 1_000; at++) {
      expect(sanitise(`${'x1'.repeat(500).slice(0, at)} ${token}`, 80)).not.toContain('hunter');
    }
  });

  it('uses no class of characters that k6 takes for its letters', () => {
    // /[\p{Cc}]/u is the letters p, C, c in k6 v2.2, without an error.
    const code = readFileSync(new URL('../../../lib/connection/classify.ts', import.meta.url), 'utf8');
    expect(code.replace(/\/\/.*/g, '')).not.toMatch(/\\[pP]\{/);
  });

  it('bounds the text, and never cuts a character in two', () => {
    expect(sanitise('x '.repeat(50), 10)).toBe('x x x x x…');
    expect(sanitise('12345678 \u{1f600} and more', 4)).toBe('# …');
    expect(sanitise(`words ${'\u{1f600}'.repeat(40)}`, 10)).toBe('words \u{1f600}…');
  });
});

/** What k6 v2.2 handed over when the fault server did this: code, error, reason of the event. */
const DROPS: [string, number | undefined, string, string, Drop, string][] = [
  ['k6/ws: close 1000', 1000, '', '', 'server_close', 'close 1000'],
  ['k6/ws: close 1001', 1001, '', '', 'server_close', 'close 1001'],
  [
    'k6/ws: close 1011',
    1011,
    'websocket: close 1011 (internal server error): out of rooms',
    '',
    'server_close',
    'close 1011: out of rooms',
  ],
  ['k6/ws: close 4401', 4401, 'websocket: close 4401: auth first', '', 'server_close', 'close 4401: auth first'],
  [
    'k6/ws: close 4401 with brackets',
    4401,
    'websocket: close 4401: (auth) now',
    '',
    'server_close',
    'close 4401: (auth) now',
  ],
  ['k6/ws: close 4000', 4000, 'websocket: close 4000', '', 'server_close', 'close 4000'],
  ['k6/ws: close frame without a code', 1005, 'websocket: close 1005 (no status)', '', 'server_close', 'close 1005'],
  [
    'k6/ws: close 1011 after a failed write',
    1011,
    `write tcp ${PAIR}: write: broken pipe`,
    '',
    'server_close',
    'close 1011',
  ],
  [
    'FIN without a close frame',
    1006,
    'websocket: close 1006 (abnormal closure): unexpected EOF',
    '',
    'reset',
    'connection ended without a close frame',
  ],
  [
    'k6/ws: RST on Linux',
    1001,
    `write tcp ${PAIR}: write: broken pipe`,
    '',
    'reset',
    'write tcp #->#: write: broken pipe',
  ],
  [
    'k6/ws: RST on Windows',
    1001,
    `write tcp ${PAIR}: wsasend: winapi error #10054`,
    '',
    'reset',
    'write tcp #->#: wsasend: winapi error #10054',
  ],
  [
    'k6/ws: RST on a German Windows',
    1001,
    `write tcp ${PAIR}: wsasend: Eine vorhandene Verbindung wurde vom Remotehost geschlossen.`,
    '',
    'reset',
    'write tcp #->#: wsasend: Eine vorhandene Verbindung wurde vom Remotehost geschlossen.',
  ],
  ['k6/ws: a frame against RFC 6455', 1001, 'websocket: close sent', '', 'protocol_error', 'a frame against RFC 6455'],
  [
    'k6/websockets: RST or a frame against RFC 6455',
    undefined,
    '',
    '',
    'reset',
    'no close code: reset, or a frame against RFC 6455 (k6/websockets tells no more)',
  ],
  [
    'k6/websockets: RST, found by a write',
    undefined,
    `write tcp ${PAIR}: write: connection reset by peer`,
    '',
    'reset',
    'write tcp #->#: write: connection reset by peer',
  ],
  ['k6/websockets: close 1001', 1001, '', '', 'server_close', 'close 1001'],
  ['k6/websockets: close 1001 with a reason', 1001, 'EOF', 'restarting', 'server_close', 'close 1001: restarting'],
  [
    'k6/websockets: close 4409',
    4409,
    '',
    'replaced by a newer connection',
    'server_close',
    'close 4409: replaced by a newer connection',
  ],
  ['interrupted', undefined, 'context canceled', '', 'interrupted', 'context canceled'],
  ['unknown text', undefined, 'something new 17', '', 'reset', 'something new #'],
];

describe('a drop', () => {
  it("knows the server's words in k6/ws's error text, and no others", () => {
    const { closeReason } = classifier();
    expect(closeReason('websocket: close 4401: auth first')).toBe('auth first');
    expect(closeReason('websocket: close 1011 (internal server error): no room: 7')).toBe('no room: 7');
    for (const none of ['', 'EOF', 'websocket: close 1006 (abnormal closure)']) expect(closeReason(none)).toBe('');
  });

  it.each(DROPS)('%s', (_name, closeCode, error, reason, expected, detail) => {
    expect(drop({ closeCode, error, reason })).toEqual({ reason: expected, detail });
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
    expect(drop({ closeCode: undefined, error: `websocket: ${text}`, reason: '' }).reason).toBe('protocol_error');
  });

  it.each([
    'token=hunter2',
    'unknown user hunter2',
    'see https://example.org/?user=hunter2',
    'user "hunter2" is gone',
    'hunter2@example.org was here first',
  ])('shows the reason of the server without what can be secret or differ: %s', (words) => {
    const overK6Ws = drop({
      closeCode: 1011,
      error: `websocket: close 1011 (internal server error): ${words}`,
      reason: '',
    });
    const overWebSockets = drop({ closeCode: 1011, error: '', reason: words });
    expect(overK6Ws).toEqual(overWebSockets);
    expect(overK6Ws.detail).toMatch(/^close 1011: .+/);
    expect(overK6Ws.detail).not.toContain('hunter2');
  });

  it('keeps at most 60 characters of the reason, all of it on one line', () => {
    const { detail } = drop({ closeCode: 4000, error: '', reason: `first\nsecond ${'word '.repeat(30)}` });
    expect(detail).toMatch(/^close 4000: first second word .*…$/);
    expect(detail.length).toBe('close 4000: '.length + 60);
  });
});
