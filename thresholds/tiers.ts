/** The success targets of one size of test. */
export interface Tier {
  /** Up to this many connections. */
  connections: number;
  /** Share of connections established, to be exceeded. */
  minConnectSuccess: number;
  /** Share of messages answered in time, to be exceeded. */
  minMessageSuccess: number;
  /** The slowest successful handshake stays below this. */
  maxConnectTimeMs: number;
  /** All connections are open within this time from the start of the ramp. */
  maxEstablishTimeMs: number;
  /** Peak resident memory of k6 stays below this. */
  maxMemoryBytes: number;
}

/**
 * The guide's table of expected results by number of connections; message success and time to connect are its
 * figures to watch, the same for every size.
 */
export const TIERS: readonly Tier[] = [
  {
    connections: 1_000,
    minConnectSuccess: 0.95,
    minMessageSuccess: 0.9,
    maxConnectTimeMs: 10_000,
    maxEstablishTimeMs: 5_000,
    maxMemoryBytes: 500e6,
  },
  {
    connections: 5_000,
    minConnectSuccess: 0.9,
    minMessageSuccess: 0.9,
    maxConnectTimeMs: 10_000,
    maxEstablishTimeMs: 15_000,
    maxMemoryBytes: 1e9,
  },
  {
    connections: 10_000,
    minConnectSuccess: 0.8,
    minMessageSuccess: 0.9,
    maxConnectTimeMs: 10_000,
    maxEstablishTimeMs: 30_000,
    maxMemoryBytes: 2e9,
  },
];

/** The tier for a number of connections; above the largest its rates hold, time and memory grow in proportion. */
export function tierFor(connections: number): Tier {
  const tier = TIERS.find((candidate) => connections <= candidate.connections);
  if (tier) return tier;
  const largest = TIERS[TIERS.length - 1] as Tier;
  const factor = connections / largest.connections;
  return {
    ...largest,
    connections,
    maxEstablishTimeMs: Math.round(largest.maxEstablishTimeMs * factor),
    maxMemoryBytes: Math.round(largest.maxMemoryBytes * factor),
  };
}
