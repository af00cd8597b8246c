import { expect, it } from 'vitest';
import { TIERS, tierFor } from '../../thresholds/tiers.ts';

it.each([
  { connections: 1_000, success: 0.95, establish: '5s', memory: '500MB' },
  { connections: 5_000, success: 0.9, establish: '15s', memory: '1GB' },
  { connections: 10_000, success: 0.8, establish: '30s', memory: '2GB' },
])("the guide's row of $connections: $success established within $establish with $memory", (row) => {
  expect(tierFor(row.connections)).toEqual({
    connections: row.connections,
    minConnectSuccess: row.success,
    minMessageSuccess: 0.9,
    maxConnectTimeMs: 10_000,
    maxEstablishTimeMs: Number.parseInt(row.establish, 10) * 1_000,
    maxMemoryBytes: { '500MB': 500e6, '1GB': 1e9, '2GB': 2e9 }[row.memory],
  });
});

it.each([
  [1, 1_000],
  [999, 1_000],
  [1_000, 1_000],
  [1_001, 5_000],
  [5_000, 5_000],
  [5_001, 10_000],
  [10_000, 10_000],
])('%d connections are judged by the row of %d', (connections, row) => {
  expect(tierFor(connections)).toBe(TIERS.find((tier) => tier.connections === row));
});

it.each([
  [10_001, 30_003, 2_000_200_000],
  [50_000, 150_000, 10e9],
])('%d connections have the rates of the last row, and time and memory in proportion', (connections, ms, bytes) => {
  expect(tierFor(connections)).toEqual({
    connections,
    minConnectSuccess: 0.8,
    minMessageSuccess: 0.9,
    maxConnectTimeMs: 10_000,
    maxEstablishTimeMs: ms,
    maxMemoryBytes: bytes,
  });
});
