/** A level, in its unit: before the first connection, the most that was read, after the last close; null: not told. */
export interface Level {
  before: number | null;
  peak: number;
  after: number | null;
}

/** Work, in its unit: the average of the hold (null: none of it was read) and the most between two readings. */
export interface Work {
  hold: number | null;
  peak: number;
}

/** What a target told of itself (WS_TARGET_METRICS). A figure that it does not tell is null. */
export interface TargetProcess {
  /** `host:port`; `all`: the sum, where there are several, of the longest lag. */
  endpoint: string;
  memoryBytes: Level | null;
  /** The most connections that were open at one time, of this process of k6; null: not known of this endpoint alone. */
  connections: number | null;
  /** (Peak - before) / connections; null: not known, or the peak is no more than before. */
  bytesPerConnection: number | null;
  cpuCores: Work | null;
  openFiles: Level | null;
  goroutines: Level | null;
  eventLoopLagMs: Work | null;
  /** What it did not tell, and why, with the number of readings; empty: nothing was amiss. */
  problems: string[];
}

/** The host of k6 (WS_HOST_METRICS). */
export interface HostResult {
  /** Share of all cores, 0 to 1. */
  cpu: Work | null;
  cores: number | null;
  /** Share of the hold in which the CPU was at 90 % or more, 0 to 1; null: none of it was read. */
  saturated: number | null;
  memoryBytes: Level | null;
  memoryTotalBytes: number | null;
  /** Bytes per second. */
  networkInPerSecond: Work | null;
  networkOutPerSecond: Work | null;
  /** The most TCP connections in each state, and those after the last close. */
  tcp: Record<string, { peak: number; after: number }>;
  /** Cores that k6 took. */
  k6CpuCores: Work | null;
  /** The most resident memory of k6 that was read. */
  k6MemoryBytes: number | null;
  problems: string[];
}
