import { cut } from '../plan/format.ts';
import type { ConnectFailure, Drop, ReadyFailure } from './outcome.ts';

/** What ends a connection from outside, whether it was ready or not. */
export type Loss = Drop & ReadyFailure;

/** Reads the reason out of the texts of Go, the operating system and the server. */
export interface Classifier {
  /**
   * Why a connection was not established. What no rule knows is `other`, with its text.
   *
   * @param error - Go's text as k6 hands it on, or an empty one.
   * @param status - HTTP status of the answer, 0 if there was none. k6/ws tells it instead of a text; k6/websockets
   *   never tells it: there every refusal reads `websocket: bad handshake`, and only the `status` tag of k6's own
   *   `ws_sessions` knows more.
   * @param extensions - the header of that name in the answer, where k6 tells it: terms of compression that k6 cannot take
   *   leave no error over k6/ws.
   * @returns detail: a text to count by, without addresses, numbers that vary, or secrets (see sanitise).
   */
  connectFailure(error: string, status: number, extensions?: string): { reason: ConnectFailure; detail: string };
  /**
   * Why an established connection went. k6/ws reports what the peer did only indirectly (seen with k6 v2.2): after a
   * reset the handler gets 1001 because k6's own close frame cannot be written, after a frame against RFC 6455 it gets
   * 1001 because one has been written already, and 1001 from the server comes without an error. k6/websockets gives
   * neither code nor error in the first two cases, so that they cannot be told apart.
   *
   * @param closeCode - as the `close` event has it; undefined: none came.
   * @param error - text of the last `error` event before it, or an empty one. Over k6/ws it holds the server's reason.
   * @param reason - the server's reason text where the `close` event has it, else an empty one.
   */
  drop(what: { closeCode: number | undefined; error: string; reason: string }): { reason: Loss; detail: string };
  /** The server's words in a close frame, out of k6/ws's error text; empty where it has none. */
  closeReason(error: string): string;
  /**
   * A text of a server or an error, fit to be shown, counted and stored: what differs from connection to connection or
   * can hold a secret (quotations, URLs, addresses, credentials, long tokens, numbers) becomes `#`, control characters
   * become spaces. Windows' error numbers stay, as `#10055`.
   *
   * @param length - characters at most; a longer text ends with `…`.
   */
  sanitise(text: string, length: number): string;
}

/**
 * To be called once in a VU, upon its first failure. All is inside of this function, since k6 makes whatever stands at
 * module level anew in each of 10,000 VUs, most of which see no failure.
 */
export function classifier(): Classifier {
  /** Characters of a text that are looked at; none that is shown is longer than 120. */
  const SEARCHED = 1_000;

  const RESET =
    /connection reset by peer|broken pipe|connection abort|forcibly closed|强迫关闭|aborted by the software|中止了一个已建立的连接|aborted by the local system|network name is no longer available|winapi error #(10054|10053|1236|64)\b/;

  /**
   * The first row that fits decides. Go asks Windows for its English text, then for that of the system's language
   * (here Chinese of both scripts, German, Japanese, Russian, French, Korean), and else names the number. Its labels need no
   * language: `bind:` is about this host's ports whatever follows, unless it is forbidden; after `connectex:` the
   * wording has to tell; `wsarecv:` and `wsasend:` are about a connection that stood.
   */
  const CONNECT: [ConnectFailure, RegExp][] = [
    ['interrupted', /context canceled|operation was canceled/],
    // k6's own options blacklistIPs and blockHostnames.
    ['forbidden', /is in a blacklisted range|is in a blocked pattern/],
    // Before all timeouts: `lookup …: i/o timeout` is a matter of names, not of the target.
    ['dns', /lookup |no such host|server misbehaving|name resolution/],
    ['files_exhausted', /too many open (files|sockets)|winapi error #10024\b/],
    [
      'forbidden',
      /permission denied|operation not permitted|forbidden by its access permissions|访问权限不允许|存取權限不足|zugriffsrechte des sockets|アクセス許可で禁じられ|запрещенным правами доступа|par ses autorisations d.acc|액세스 권한에 의해|winapi error #10013\b/,
    ],
    [
      'ports_exhausted',
      /: bind: |(cannot|can't) assign requested address|address already in use|no buffer space available|lacked sufficient buffer space|缓冲区空间不足|緩衝區空間|pufferspeicher|バッファー領域が不足|буфер слишком мал|mémoire tampon|버퍼 공간이 부족|only one usage of each socket address|每个套接字地址|一個通訊端位址|jede socketadresse|各ソケット アドレス|одно использование адреса сокета|de chaque adresse de socket|각 소켓 주소|winapi error #(10055|10048)\b/,
    ],
    [
      'refused',
      /connection refused|actively refused|refused the network connection|积极拒绝|拒絕連線|die verbindung verweigerte|によって拒否された|отверг запрос|expressément refusée|연결을 거부|winapi error #(10061|1225)\b/,
    ],
    ['tls', /tls:|x509:|certificate/],
    [
      'unreachable',
      /(network|host) is (unreachable|down)|no route to host|unreachable (network|host)|network location cannot be reached|address family not supported|not valid in its context|无法连接的(网络|主机)|無法連線的(網路|主機)|nicht verfügbare[ns] (netzwerk|host)|(netzwerk|host) war bei einem socketvorgang nicht|到達できない(ネットワーク|ホスト)|при отключенной сети|недоступного хоста|impossible à atteindre|연결할 수 없는 (네트워크|호스트)|winapi error #(10051|10065|1231|1232|10049|10047)\b/,
    ],
    // Only a timeout while dialling is one of connecting; see connectFailure().
    [
      'connect_timeout',
      /i\/o timeout|(connection|operation) timed out|did not properly respond|semaphore timeout period|没有正确答复|未正確回應|nicht richtig reagiert|正しく応答しなかった|не получен нужный отклик|pas répondu convenablement|응답이 없어 연결|context deadline exceeded|handshake timeout|winapi error #(10060|121)\b/,
    ],
    ['reset', RESET],
    ['bad_handshake', /bad handshake|malformed http|malformed mime|invalid compression negotiation/],
    // Last: these letters and labels are part of other texts. FIN instead of an answer; Windows in any language.
    ['reset', /eof|wsarecv:|wsasend:/],
  ];

  /** Where the code does not tell: what k6's failing write, and gorilla/websocket's checks of a frame, say. */
  const DROP: [Loss, RegExp][] = [
    ['interrupted', /context canceled|operation was canceled/],
    [
      'protocol_error',
      /close sent|bad opcode|bad mask|rsv[123] set|(for|on) control|(before|after) fin|bad close code|invalid utf8|read limit exceeded|flate/,
    ],
    ['reset', RESET],
    ['reset', /write tcp|read tcp|timed out|i\/o timeout|eof/],
  ];

  /** A proxy's refusal comes as the bare words of its status line (gorilla/websocket, proxy.go). */
  const OF_PROXY: Record<string, number> = {
    'bad request': 400,
    unauthorized: 401,
    forbidden: 403,
    'not found': 404,
    'method not allowed': 405,
    'too many requests': 429,
    'internal server error': 500,
    'not implemented': 501,
    'bad gateway': 502,
    'service unavailable': 503,
    'gateway timeout': 504,
    'gateway time-out': 504,
  };

  return { connectFailure, drop, closeReason, sanitise };

  function connectFailure(error: string, status: number, extensions = ''): { reason: ConnectFailure; detail: string } {
    if (status === 101 && !error.includes('compression')) {
      const detail = isTakeable(extensions)
        ? 'HTTP 101 with a wrong Upgrade, Connection or accept key'
        : 'websocket: invalid compression negotiation';
      return { reason: 'bad_handshake', detail };
    }
    if (status !== 0 && status !== 101) return { reason: reasonOf(status), detail: `HTTP ${status}` };
    // A TLS alert, which is what a TLS server answers to a request in the clear.
    if (/malformed HTTP response "\\x15\\x03/.test(error)) {
      return { reason: 'tls', detail: 'the port answered ws:// in TLS' };
    }
    const text = withoutVariables(error).toLowerCase();
    const byProxy = text.startsWith('proxy authentication required') ? 407 : OF_PROXY[text];
    if (byProxy) return { reason: reasonOf(byProxy), detail: `HTTP ${byProxy} from the proxy` };
    // What Go adds to an unknown authority is about a certificate that it only tried.
    const detail = sanitise(error.replace(/ \(possibly because of .*/s, ''), 120);
    const reason = CONNECT.find(([, wording]) => wording.test(text))?.[0] ?? 'other';
    const isLate = reason === 'connect_timeout' && !/\bdial\b|connectex/.test(text);
    return { reason: isLate ? 'handshake_timeout' : reason, detail };
  }

  /** No compression, or on both of the terms that k6 needs (gorilla/websocket, client.go, whose words the others are). */
  function isTakeable(extensions: string): boolean {
    return (
      !extensions.includes('permessage-deflate') ||
      (extensions.includes('server_no_context_takeover') && extensions.includes('client_no_context_takeover'))
    );
  }

  function reasonOf(status: number): ConnectFailure {
    if (status >= 500) return 'http_5xx';
    return status >= 400 ? 'http_4xx' : 'bad_handshake';
  }

  function drop({ closeCode, error, reason: said }: { closeCode: number | undefined; error: string; reason: string }): {
    reason: Loss;
    detail: string;
  } {
    if (closeCode === 1006) return { reason: 'reset', detail: 'connection ended without a close frame' };
    if (closeCode !== undefined && (closeCode !== 1001 || said !== '')) return closedByServer(closeCode, error, said);
    const text = withoutVariables(error).toLowerCase();
    const reason = DROP.find(([, wording]) => wording.test(text))?.[0];
    if (reason === 'protocol_error') return { reason, detail: 'a frame against RFC 6455' };
    if (reason) return { reason, detail: sanitise(error, 120) };
    if (closeCode === 1001) return closedByServer(closeCode, error, said);
    if (error !== '') return { reason: 'reset', detail: sanitise(error, 120) };
    return {
      reason: 'reset',
      detail: 'no close code: reset, or a frame against RFC 6455 (k6/websockets tells no more)',
    };
  }

  function closedByServer(code: number, error: string, said: string): { reason: Loss; detail: string } {
    const words = said || closeReason(error);
    if (words.trim() === '') return { reason: 'server_close', detail: `close ${code}` };
    // Names with digits in them (users, rooms, sessions) differ from connection to connection.
    const text = sanitise(words, 60).replace(/[\w-]*\d[\w-]*/g, '#');
    return { reason: 'server_close', detail: `close ${code}: ${text}` };
  }

  function closeReason(error: string): string {
    // `websocket: close 1011 (internal server error): text`: the code's name is Go's, what follows is the server's.
    // Of 1006, which no server sends, Go's own text.
    return /^websocket: close (?!1006)\d+(?: \([^)]*\))?: (.+)$/s.exec(error)?.[1] ?? '';
  }

  function sanitise(text: string, length: number): string {
    // A frame of the server's can be of any size, and the time of the search grows with its square. Not in the middle
    // of a word, whose rest would be too short to be known for a token.
    const start = text.length > SEARCHED ? text.slice(0, SEARCHED).replace(/(?<![\w~+/=-])[\w~+/=-]{1,99}$/, '') : text;
    const clean = withoutVariables(start)
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?/g, '#')
      .replace(/(?<![\w#])\d+(?!\w)/g, '#')
      // k6 refuses a check with `::` in its name, and details are counted by checks.
      .replace(/:{2,}/g, ':');
    if (clean === '') return 'no error text';
    return clean.length > length ? `${cut(clean, length - 1)}…` : clean;
  }

  function withoutVariables(text: string): string {
    return (
      text
        // What has no width or turns the direction of writing, too. Not \p{C}, which k6 takes for its letters here.
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that are to go
        .replace(/[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/g, ' ')
        .trim()
        .replace(/"(?:[^"\\]|\\.)*"?|`[^`]*`?/g, '"#"')
        .replace(/(malformed MIME header[^:]*:).*/, '$1 #')
        .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, 'url')
        .replace(/(?<![\w.+-])[\w.+-]+@[\w.-]+/g, '#')
        .replace(
          /\[[0-9a-f:.]+(%\w+)?\](:\d+)?|\b\d+\.\d+\.\d+\.\d+(:\d+)?|(?<!\w)[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}(?!\w)/gi,
          '#',
        )
        .replace(/\b(authorization|cookie|token|api[-_]?key|password|passwd|secret|signature)\b\s*[:=].*/gi, '$1: #')
        .replace(/\b(bearer|basic)\s+\S+/gi, '$1 #')
        .replace(/\?\S+/g, '?#')
        .replace(/[\w~+/=-]{20,}/g, (word) => (/\d/.test(word) ? '#' : word))
    );
  }
}
