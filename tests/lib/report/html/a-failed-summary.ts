import type { Summary } from '../../../../lib/report/summary.ts';
import { aSummary } from '../a-summary.ts';

export const REASONS = [
  ...['dns', 'refused', 'handshake_timeout', 'connect_timeout', 'reset', 'ports_exhausted'],
  ...['files_exhausted', 'unreachable', 'forbidden', 'tls', 'http_4xx', 'http_5xx'],
];

/** A run in which twelve reasons kept connections away, and in which the server's words are hostile. */
export function aFailedSummary(): Summary {
  const failed = Object.fromEntries(REASONS.map((reason, i) => [reason, 5 + i * 7]));
  const established = 990 - Object.values(failed).reduce((sum, count) => sum + count, 0);
  const ready = established - 40;
  const { latencyMs, targets } = aSummary();
  return aSummary({
    verdict: 'fail',
    description: '1,000 connections to ws://localhost:8081/ in 20 batches of 50, 50ms apart, held for 10s; 13s in all',
    endedAt: '2026-11-26T12:00:00.000Z',
    targets: [
      {
        name: 'connect success',
        metric: 'ws_connect_success',
        target: '> 95 %',
        actual: established / 990,
        pass: false,
      },
      { name: 'logins', metric: 'ws_ready_success', target: '> 95 %', actual: ready / established, pass: false },
      {
        name: 'connections held',
        metric: 'ws_connections_held',
        target: '> 95 %',
        actual: 1 - 70 / ready,
        pass: false,
      },
      { name: 'message success', metric: 'ws_message_success', target: '> 90 %', actual: 0.945, pass: true },
      { name: 'connect time', metric: 'ws_connect_time', target: '< 10s', actual: 9_801, pass: true },
      { name: 'establish time', metric: 'ws_establish_time', target: '< 5s', actual: 12_345, pass: false },
      { name: 'generator memory', metric: 'generator_memory', target: '< 500MB', actual: null, pass: null },
      ...targets.slice(5),
    ],
    connections: {
      planned: 1_000,
      attempted: 990,
      unattempted: 10,
      established,
      failed,
      ready,
      notReady: { timeout: 20, server_close: 12, 'no account': 8 },
      closed: ready - 70,
      dropped: { server_close: 50, reset: 20 },
    },
    messages: {
      sent: 2_000,
      answered: 1_890,
      sentOnly: 0,
      failed: { timeout: 80, refused: 20, lost: 10 },
      refused: { 'slow down': 15, '<script>alert(1)</script>': 5 },
      unexpected: 44,
    },
    deliveries: { expected: 10_000, delivered: 9_805, missing: 195, duplicate: 3 },
    details: {
      'close 4401: bad token': 12,
      'HTTP 503': 82,
      'tls: certificate has expired or is not yet valid': 68,
      'dial tcp [::1]:8081: bind: An operation on a socket could not be performed because the system lacked sufficient buffer space or because a queue was full.': 40,
      'HTTP 401 <img src=x onerror=alert(1)>': 75,
    },
    scriptErrors: { "TypeError: Cannot read property 'x' of undefined at chat.ts:12:4": 2 },
    unexpectedFrames: { '{"type":"notice","text":"</script><script>alert(1)</script>"}': 44 },
    hints: ['50 of 70 connections that the other side ended went 30.0 s after their opening: an idle timeout.'],
    checks: { 'has a token': { passes: 990, fails: 3 } },
    latencyMs: {
      ...latencyMs,
      connect: { count: 900, avg: 410, min: 1.2, med: 220, p90: 1_200, p95: 2_400, p99: 6_100, max: 9_801 },
      delivery: { count: 800, avg: 3.5, min: 0.3, med: 2.5, p90: 5.8, p95: 9.3, p99: 20, max: 44.2 },
    },
    generator: {
      memoryBytes: null,
      lagMs: { count: 10, avg: 50, min: 0, med: 10, p90: 100, p95: 180, p99: 400, max: 1_300 },
      busy: null,
      limits: ['It ran out of local ports: 40 connections never left this host.'],
    },
  });
}
