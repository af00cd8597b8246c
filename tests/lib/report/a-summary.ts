import type { Summary } from '../../../lib/report/summary.ts';

/** The summary of a healthy run of 1,000 connections; `overrides` replace whole fields. */
export function aSummary(overrides: Partial<Summary> = {}): Summary {
  return {
    schemaVersion: 1,
    verdict: 'pass',
    scenario: 'concurrent',
    plan: {
      urls: ['ws://localhost:8081/'],
      profile: 'development',
      connections: 1_000,
      share: 1_000,
      segment: null,
      batchSize: 50,
      batchDelayMs: 50,
      holdMs: 10_000,
      protocol: 'echo',
      messageIntervalMs: 5_000,
      messageTimeoutMs: 5_000,
      messageSize: 64,
      handshakeTimeoutMs: 10_000,
      totalMs: 13_000,
    },
    durationMs: 13_250,
    targets: [
      { name: 'connect success', metric: 'ws_connect_success', target: '> 95 %', actual: 1, pass: true },
      { name: 'message success', metric: 'ws_message_success', target: '> 90 %', actual: 1, pass: true },
      { name: 'connect time', metric: 'ws_connect_time', target: '< 10s', actual: 40, pass: true },
      { name: 'establish time', metric: 'ws_establish_time', target: '< 5s', actual: 1_040, pass: true },
      { name: 'generator memory', metric: 'generator_memory', target: '< 500MB', actual: 200e6, pass: true },
      { name: 'never attempted', metric: 'ws_connects_unattempted', target: '0', actual: 0, pass: true },
      { name: 'connects pending', metric: 'ws_connects_pending', target: '0', actual: 0, pass: true },
      { name: 'connections open', metric: 'ws_connections_open', target: '0', actual: 0, pass: true },
      { name: 'messages pending', metric: 'ws_messages_pending', target: '0', actual: 0, pass: true },
    ],
    connections: {
      planned: 1_000,
      attempted: 1_000,
      unattempted: 0,
      established: 1_000,
      failed: {},
      closed: 1_000,
      dropped: {},
    },
    messages: { sent: 2_000, replied: 2_000, failed: {}, unexpected: 0 },
    details: {},
    latencyMs: {
      connect: { count: 1_000, avg: 4, min: 1, med: 3, p90: 8, p95: 10, p99: 20, max: 40 },
      establish: { count: 1_000, avg: 500, min: 1, med: 500, p90: 900, p95: 950, p99: 1_000, max: 1_040 },
      roundTrip: { count: 2_000, avg: 2, min: 1, med: 2, p90: 3, p95: 4, p99: 5, max: 9 },
      response: { count: 2_000, avg: 2, min: 1, med: 2, p90: 3, p95: 4, p99: 5, max: 9 },
    },
    generator: { memoryBytes: 200e6, lagMs: null, limits: [] },
    balanced: true,
    differences: [],
    ...overrides,
  };
}
