/** A text, as lib/connection/classify.ts leaves it, and what it means. The first that fits decides. */
type Meaning = readonly [text: RegExp, advice: string];

/**
 * One sentence on a single text behind a reason: what it means, and what to set where. Null: nothing beyond what
 * adviceFor() says of its reason.
 *
 * @param detail - as in the report's `details`: of a failed or dropped connection.
 */
export function adviceForDetail(detail: string): string | null {
  const code = Number(/^close (\d+)\b/.exec(detail)?.[1] ?? 0);
  if (code > 0) return ofClose(code);
  return [...CONVERSATION, ...TLS, ...PROXY, ...OTHERS].find(([text]) => text.test(detail))?.[1] ?? null;
}

/** Texts of crypto/tls and crypto/x509 in Go 1.26; what begins with `remote error` was said by the server. */
const TLS: readonly Meaning[] = [
  [
    /tls: certificate required/,
    'The server wants a certificate of the client: put tlsAuth, [{"cert":"<PEM>","key":"<PEM>"}], into a JSON file and name it with --config.',
  ],
  [
    /remote error: tls: (bad|unsupported|revoked|expired|unknown) certificate|remote error: tls: (access denied|error decrypting)/,
    "The server did not accept the client's certificate: check the one in tlsAuth (JSON file for --config), its dates and who signed it; some servers say this when there is none.",
  ],
  [
    /remote error: tls: handshake failure/,
    'The server ended the TLS handshake without a reason: over TLS 1.2 a missing certificate of the client looks like this (tlsAuth in a JSON file for --config), and so do ciphers that only one side knows (K6_TLS_CIPHER_SUITES).',
  ],
  [
    /protocol version not supported|unsupported protocol version|no supported versions/,
    'Server and k6 have no TLS version in common, k6 offers 1.2 and 1.3: put tlsVersion, {"min":"tls1.0","max":"tls1.3"}, into a JSON file and name it with --config.',
  ],
  [
    /certificate has expired or is not yet valid|certificate is expired/,
    "The server's certificate is not valid today (or this host's clock is wrong): renew it, or set K6_INSECURE_SKIP_TLS_VERIFY=true for a test in which that does not matter.",
  ],
  [
    /certificate is (not )?valid for|cannot validate certificate for|legacy Common Name|unrecognized name/,
    "The server's certificate is for other names than the host in WS_URL: write one of its names there (an address only if it lists that), or set K6_INSECURE_SKIP_TLS_VERIFY=true.",
  ],
  [
    /unknown authority|certificate is not trusted/,
    "The server's certificate is self-signed or of an authority that this host does not know (Go has one text for both), or the certificates in between are not sent: name the authority's file with SSL_CERT_FILE (on Windows and macOS add it to the system's store), or set K6_INSECURE_SKIP_TLS_VERIFY=true.",
  ],
  [
    /failed to load system roots/,
    'This host has no list of authorities, as in a small container: install ca-certificates or name a file with SSL_CERT_FILE.',
  ],
  [
    /first record does not look like a TLS handshake|server gave HTTP response to HTTPS client/,
    'What answered wss:// speaks no TLS at this port: write ws:// in WS_URL, or the port for TLS.',
  ],
  [/the port answered ws:\/\/ in TLS/, 'This port speaks TLS: write wss:// in WS_URL, or the port without TLS.'],
  [
    /^(unexpected )?EOF$/,
    'The other side hung up without an answer: a port that speaks TLS does so to ws:// (then write wss:// in WS_URL), and so does a proxy or a server at its limit.',
  ],
  [
    /^HTTP 400$/,
    'What answers took the request for a wrong one: a port that speaks TLS often says this to ws:// (then write wss:// in WS_URL), else a header or the path is not to its liking.',
  ],
];

const PROXY: readonly Meaning[] = [
  [
    /^HTTP 407 from the proxy$/,
    "The proxy wants a user: write http://user:password@host:port into HTTP_PROXY (for wss:// HTTPS_PROXY), or the target's host into NO_PROXY.",
  ],
  [
    /^HTTP 4\d\d from the proxy$/,
    "The proxy does not let k6 through to this target: allow its host and port there, or write the target's host into NO_PROXY.",
  ],
  [
    /^HTTP 5\d\d from the proxy$/,
    'The proxy did not reach the target: look at its log, and whether it can resolve and reach the host in WS_URL; NO_PROXY goes around it.',
  ],
  [
    /^proxy: unknown scheme/,
    'For WebSocket k6 knows proxies that begin with http:// and socks5://: write one of them into HTTP_PROXY or HTTPS_PROXY.',
  ],
  [/^proxy: |^proxyconnect /, 'This is about the proxy in HTTP_PROXY or HTTPS_PROXY, not about the target.'],
];

const OTHERS: readonly Meaning[] = [
  [
    /invalid compression negotiation/,
    'The server wants compression on terms that k6 cannot take (it knows permessage-deflate without context takeover on both sides): leave WS_COMPRESSION out, or set the server so.',
  ],
  [
    /compression was asked for, the server declined/,
    'All went uncompressed, so this measured plain connections: switch permessage-deflate on at the server (and at what stands between), or leave WS_COMPRESSION out.',
  ],
  [
    /bind: (cannot|can't) assign requested address|bind: The requested address is not valid/,
    'This host has no such address of its own: check --local-ips.',
  ],
  [
    /(wsasend|wsarecv): .*(lacked sufficient buffer space|winapi error #10055)/,
    'Windows on this host had no memory left for its sockets: fewer connections or smaller messages, or more hosts.',
  ],
];

/** What a conversation left undone (lib/connection/stages.ts). */
const CONVERSATION: readonly Meaning[] = [
  [
    /^answered\(\), partly\(\) or refused\(\) got a \w+ that is no request$/,
    'They take the number n that frames() got: where the reply holds it in a text, take it out, as by Number(text.split("-")[1]); an id of the server\'s own is for pushed() or expected().',
  ],
  [
    /^ready\(\) was called, but there is no opened\(\)$/,
    'Such a connection was ready with its handshake, so no login is judged: add opened() {} to the conversation, if only to wait for a server that speaks first.',
  ],
  [
    /^a delivery came too late to be told from a double$/,
    'It came after 32 later requests of the same sender, and counts neither as delivered nor as a double: look whether the server holds messages back or sends them again, or make WS_MESSAGE_INTERVAL longer.',
  ],
  [
    /^the goodbye was not answered$/,
    'Neither done() nor a close by the server came within WS_MESSAGE_TIMEOUT, and the connection counts as closed; where that is a fault, end it in goodbye(): session.after(1000, (session) => session.fail("no goodbye")).',
  ],
];

/** By RFC 6455, 7.4, the IANA's registry of close codes, and common use. */
function ofClose(code: number): string {
  if (code >= 4_000) {
    return "Codes from 4000 are the server's own: its documentation says what this one means; many follow HTTP, so that 4401 and 4403 are credentials, 4408 a login that took too long, 4429 too many requests.";
  }
  if (code >= 3_000) {
    return "Codes from 3000 belong to the server's framework: its documentation says what this one means (3000 is registered for a missing login, 3003 for forbidden, 3008 for a timeout).";
  }
  return CLOSES[code] ?? 'No standard gives this code a meaning: look for it in the documentation of the server.';
}

const CLOSES: Record<number, string> = {
  1000: 'To the server the conversation was over: look for its limits of age and idleness, a login that never came, or another connection that took the place of this one.',
  1001: 'The server went away: look for a restart, a deployment, a shutdown, or a load balancer that was drained; over k6/ws a frame that k6 could not read (corrupt compression, an impossible length) looks the same, and multiplexed tells them apart.',
  1002: 'To the server a frame of this side was against the protocol: check the sub-protocol, compression, and what stands between.',
  1003: 'The server does not take this type of frame: it wants text where binary came, or the other way round.',
  1005: 'The server gave no code, which many do when a heartbeat or a login did not come: check that the conversation answers the pings that stand in messages.',
  1006: 'The connection ended without a close frame: look for a crash of the server, or a proxy or load balancer that cut it.',
  1007: 'To the server the content of a message was not what its type says, such as text that is not UTF-8.',
  1008: 'A rule of the server was broken: look at credentials, origin (WS_HEADERS), and its limits of rate and connections.',
  1009: 'A message was too big for the server: make WS_MESSAGE_SIZE smaller, or its limit greater.',
  1010: 'The server wanted an extension that was not offered: try WS_COMPRESSION=true.',
  1011: 'The server failed inside: its log tells more than this code.',
  1012: 'The server restarts.',
  1013: 'The server had too much to do, or sends clients elsewhere: this load is beyond what it takes.',
  1014: 'A gateway before the server got no valid answer from it.',
};
