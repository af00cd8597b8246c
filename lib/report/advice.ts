import type { ConnectFailure, Drop, MessageFailure, ReadyFailure } from '../connection/outcome.ts';
import type { Platform } from './platform.ts';

/** One sentence, or one for each system where what to do differs; `any` when the system is not known. */
type Advice = string | Record<Platform, string>;

/** Which union a reason is from: a connection not established, one not ready, one dropped, a message, or a delivery. */
export type FailureKind = 'connect' | 'ready' | 'drop' | 'message' | 'delivery';

/**
 * One sentence on a reason: whose fault it most likely is (server, network, this host, the conversation) and what to
 * do. It claims no more than was observed. What single texts mean, says detail-advice.ts.
 *
 * @param reason - as in the report. Of connections that were not ready or dropped it can be the conversation's own
 *   word; any other that is unknown is treated as `other`.
 * @param platform - platformOf() the failures' texts.
 */
export function adviceFor(kind: FailureKind, reason: string, platform: Platform = 'any'): string {
  const table: Record<string, Advice | undefined> = {
    connect: CONNECT,
    ready: READY,
    drop: DROP,
    message: MESSAGE,
    delivery: DELIVERY,
  }[kind];
  const advice = Object.hasOwn(table, reason) ? table[reason] : undefined;
  if (advice !== undefined) return typeof advice === 'string' ? advice : advice[platform];
  if ((kind === 'drop' || kind === 'ready') && SILENCES.includes(reason)) return SILENT;
  // One that is also a reason of ours is marked (endings.ts).
  const word = reason.replace(/^fail: /, '');
  if (kind === 'ready') return `The conversation: it said so itself before ready(), by fail('${word}').`;
  if (kind === 'drop') return `The conversation: it said so itself after ready(), by fail('${word}').`;
  return adviceFor('connect', 'other');
}

/** Words of the shipped conversations for a server that has gone silent (lib/conversation/signs.ts). */
const SILENCES: readonly string[] = ['no PINGRESP', 'no heart-beat', 'ping timeout'];

const SILENT =
  'Server or network: it sent nothing for longer than its heartbeats allow, so the client gave it up, as clients of this protocol do; look whether it stands still, and for a path that was cut without a word.';

const CONNECT: Record<ConnectFailure, Advice> = {
  dns: 'Network or this host: a name was not resolved; try that of WS_URL with nslookup here, or write the address instead.',
  refused:
    'Server: it refused the connection, because nothing listened at that address and port, its backlog was full, or a firewall rejected it; check that it runs and is bound to the address in WS_URL (with WS_IP=4 localhost is 127.0.0.1).',
  handshake_timeout:
    'Server, network or this host: the handshake was not complete in time, and how far it came is not known; look for a blocked event loop or a full accept queue at the server, for packets that a firewall drops, and at the lag of this host, make the batches smaller, or WS_HANDSHAKE_TIMEOUT longer.',
  connect_timeout:
    'Network or server: TCP was never answered; look for a firewall that drops packets, a full SYN backlog at the server, or a wrong address.',
  reset:
    'Server or a proxy before it: the connection was cut during the handshake; look for its connection limit, a crash, a proxy without WebSocket support, or a port that wants wss://.',
  ports_exhausted: {
    windows:
      'This host, not the server: the generator ran out of local ports; widen the dynamic port range as in docs/windows.md, wait until closed connections have left TIME_WAIT, use smaller batches with a longer WS_BATCH_DELAY, or spread the load over more hosts.',
    macos:
      'This host, not the server: the generator ran out of local ports; lower net.inet.ip.portrange.first with sysctl, use smaller batches with a longer WS_BATCH_DELAY, or spread the load over more targets or hosts (for Windows hosts see docs/windows.md).',
    linux:
      'This host, not the server: the generator ran out of local ports towards this target; widen net.ipv4.ip_local_port_range with sysctl, use smaller batches with a longer WS_BATCH_DELAY, or spread the load over more targets or --local-ips (for Windows hosts see docs/windows.md).',
    any: 'This host, not the server: the generator ran out of local ports; widen its port range (Windows: docs/windows.md; Linux: net.ipv4.ip_local_port_range; macOS: net.inet.ip.portrange.first), use smaller batches with a longer WS_BATCH_DELAY, or spread the load over more hosts.',
  },
  files_exhausted: {
    windows:
      'This host, not the server: the generator could open no more sockets; end other programs with many connections, or spread the load over more hosts.',
    macos:
      'This host, not the server: the generator ran into its limit of open files; raise it with ulimit -n (and launchctl limit maxfiles) above the number of connections before starting k6.',
    linux:
      'This host, not the server: the generator ran into its limit of open files; raise it with ulimit -n (or LimitNOFILE of its service) above the number of connections before starting k6.',
    any: 'This host, not the server: the generator ran into its limit of open files; raise it with ulimit -n (Linux and macOS) above the number of connections before starting k6.',
  },
  unreachable:
    'Network: there is no route from this host to the target; check the address, the interface and its gateway, and whether the target is IPv6 where only IPv4 is set up (WS_IP).',
  forbidden: {
    windows:
      'This host: Windows forbade the connection; allow k6 in the firewall or security software, and look for reserved blocks in the port range (netsh int ipv4 show excludedportrange tcp; docs/windows.md).',
    macos:
      'This host: the system, or the k6 options blacklistIPs and blockHostnames, forbade the connection; check packet filter and security software.',
    linux:
      'This host: the system, or the k6 options blacklistIPs and blockHostnames, forbade the connection; check nftables or iptables, the sandbox and SELinux.',
    any: 'This host: its firewall or sandbox, or the k6 options blacklistIPs and blockHostnames, forbade the connection; on Windows also look for reserved port blocks (docs/windows.md).',
  },
  tls: 'Server or this host: TLS did not come about, the text below says why; k6 offers SSL_CERT_FILE for an authority of your own, K6_INSECURE_SKIP_TLS_VERIFY=true, and in a JSON file for --config tlsAuth (a certificate of the client) and tlsVersion; a port without TLS wants ws:// in WS_URL.',
  http_4xx:
    'Server or a proxy: it answered the handshake with a refusal; the HTTP status below says why: 401 and 403 want credentials (WS_HEADERS), 404 another path in WS_URL, 407 user and password of the proxy, 429 fewer connections in a time.',
  http_5xx:
    'Server or a proxy before it: it failed while it answered the handshake; read its log for the time of the ramp, 502 to 504 come from a proxy whose server is gone or full.',
  bad_handshake:
    'Server: what answered was not a valid WebSocket upgrade; check host, port and path in WS_URL, a redirect or login page in between, WS_SUBPROTOCOL and WS_COMPRESSION.',
  subprotocol:
    'Server: it chose a sub-protocol that was not asked for, or none of those that were, and then the standards have the client fail the connection; compare WS_SUBPROTOCOL with what the server speaks.',
  script_error:
    'The conversation: its code threw before the handshake, so that none was made; text and place are below, and if the place is not in your file, please report it.',
  interrupted:
    'Nobody: the run ended while these handshakes were under way; they say nothing about the server unless they took long.',
  other: 'Unknown: no rule of this package knows the text below; please report it together with the operating system.',
};

const READY: Record<ReadyFailure, Advice> = {
  timeout:
    'Server or the conversation: nothing led to ready() within WS_READY_TIMEOUT; look at what came (WS_TRACE=1 shows the frames), the credentials (WS_USERS, WS_HEADERS), the frame upon which the conversation calls ready(), and at the server for logins that take long under load.',
  server_close:
    'Server: it closed these connections before they were ready; code and reason below say why, most often credentials (WS_USERS, WS_HEADERS) or a login that it does not understand.',
  reset:
    'Server or network: the connection went without a close frame before it was ready; look for a crash of the server, its limit of connections, and whether it ends a login that it refuses in this way.',
  protocol_error:
    'Server or a proxy before it: it sent a frame against RFC 6455 before the connection was ready, and k6 had to hang up; check WS_COMPRESSION and what else writes to that connection.',
  script_error:
    'The conversation: its code threw before ready(), perhaps at a frame that it does not expect (WS_TRACE shows it); text and place are below, and if the place is not in your file, please report it.',
  interrupted: 'Nobody: the run ended while these connections were not ready yet.',
};

const DROP: Record<Drop, Advice> = {
  server_close: 'Server: it closed these connections itself; close code and reason below say why.',
  reset:
    'Server or network: the connection went without a close frame; look for a crash or kill of the server, an idle timeout of a proxy or load balancer, or its connection limit.',
  protocol_error:
    'Server or a proxy before it: it sent a frame against RFC 6455, and k6 had to hang up; check WS_COMPRESSION and what else writes to that connection.',
  subprotocol:
    'Server: it chose a sub-protocol that was not asked for, or none of those that were, which k6/ws tells only at the end of a connection; compare WS_SUBPROTOCOL with what the server speaks.',
  script_error:
    'The conversation: its code threw after ready(), which ended the connection, perhaps at a frame that it does not expect; text and place are below, such frames too, and if the place is not in your file, please report it.',
  interrupted:
    'Nobody: these connections were still open when the run was ended, early or past its time; they are neither a success nor a fault, unless a callback of the conversation did not return or a promise in it was rejected ("Uncaught (in promise)" in the log of k6), which ends all connections of the VU.',
};

const MESSAGE: Record<MessageFailure, Advice> = {
  timeout:
    'Server or the conversation: nothing that came within WS_MESSAGE_TIMEOUT (or the timeoutMs of its kind) was the reply; look for overload at the server, or, if the generator lagged too, at this host, and if many frames were unexpected, whether the conversation knows its replies (echo wants the text back).',
  refused: 'Server: it refused these requests in its own protocol; its words are below.',
  lost: 'Server or network: the connection went while the reply was awaited; see the reasons of the dropped connections.',
  script_error:
    'The conversation: its code threw while these requests were made or waited, and the connection ended; text and place are below.',
  interrupted: 'Nobody: the run ended before the reply was due.',
};

const DELIVERY: Record<'missing', Advice> = {
  missing:
    'Server or the conversation: it did not bring them; connections that were not ready, dropped or away then receive nothing (their reasons are above), as do the receivers of a request that the server refused or that the early end of a run cut off, else look for what the server leaves out under load, and for a reach that is larger than the room.',
};
