import type { ConnectFailure, Drop, MessageFailure } from '../connection/outcome.ts';
import type { Platform } from './platform.ts';

/** One sentence, or one for each system where what to do differs; `any` when the system is not known. */
type Advice = string | Record<Platform, string>;

/**
 * One sentence on a reason: whose fault it most likely is (server, network, this host) and what to do.
 *
 * @param kind - which union the reason is from: a connection not established, one dropped, or a message.
 * @param reason - as in the report; an unknown one is treated as `other`.
 * @param platform - platformOf() the failures' texts.
 */
export function adviceFor(kind: 'connect' | 'drop' | 'message', reason: string, platform: Platform = 'any'): string {
  const table: Record<string, Advice | undefined> = { connect: CONNECT, drop: DROP, message: MESSAGE }[kind];
  const advice = table[reason] ?? CONNECT.other;
  return typeof advice === 'string' ? advice : advice[platform];
}

const CONNECT: Record<ConnectFailure, Advice> = {
  dns: 'Network or this host: the name in WS_URL was not resolved; try it with nslookup here, or write the address instead.',
  refused:
    'Server: nothing listened at that address and port, or its backlog was full; check that it runs and is bound to the address in WS_URL (with WS_IP=4 localhost is 127.0.0.1).',
  handshake_timeout:
    'Server: it took the TCP connection but did not finish the upgrade in time; look for a blocked event loop or an overfull accept queue there, or make the batches smaller or WS_HANDSHAKE_TIMEOUT longer.',
  connect_timeout:
    'Network or server: TCP was never answered; look for a firewall that drops packets, a full SYN backlog at the server, or a wrong address.',
  reset:
    'Server or a proxy before it: it cut the connection during the handshake; look for its connection limit, a crash, or a proxy without WebSocket support.',
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
  tls: 'Server: its certificate was not accepted or it speaks no TLS here; check the certificate chain and name, and whether WS_URL should begin with ws:// instead of wss://.',
  http_4xx:
    'Server: it answered the handshake with a refusal; the HTTP status below says why: 401 and 403 want credentials (WS_HEADERS), 404 another path in WS_URL, 429 fewer connections in a time.',
  http_5xx:
    'Server or a proxy before it: it failed while it answered the handshake; read its log for the time of the ramp, 502 to 504 come from a proxy whose server is gone or full.',
  bad_handshake:
    'Server: what answered was not a valid WebSocket upgrade; check host, port and path in WS_URL, a redirect or login page in between, and WS_SUBPROTOCOL.',
  interrupted:
    'Nobody: the run ended while these handshakes were under way; they say nothing about the server unless they took long.',
  other: 'Unknown: no rule of this package knows the text below; please report it together with the operating system.',
};

const DROP: Record<Drop, Advice> = {
  server_close:
    'Server: it closed these connections itself; the close code below says why (1001 going away or restarting, 1008 policy, 1009 message too big, 1011 an error inside it, 1013 overload).',
  reset:
    'Server or network: the connection went without a close frame; look for a crash or kill of the server, an idle timeout of a proxy or load balancer, or its connection limit.',
  protocol_error:
    'Server or a proxy before it: it sent a frame against RFC 6455, and k6 had to hang up; check WS_COMPRESSION and what else writes to that connection.',
  interrupted:
    'Nobody: these connections were still open when the run was ended early; they are neither a success nor a fault.',
};

const MESSAGE: Record<MessageFailure, Advice> = {
  timeout:
    'Server: no reply came within WS_MESSAGE_TIMEOUT; look for overload there, or, if the generator lagged too, at this host.',
  lost: 'Server or network: the connection went while the reply was awaited; see the reasons of the dropped connections.',
  mismatch:
    'Server: it answered, but never with the id of this message; check that it echoes the text, or set WS_PROTOCOL=any-reply.',
  interrupted: 'Nobody: the run ended before the reply was due.',
};
