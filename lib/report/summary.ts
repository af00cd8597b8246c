/** The machine-readable result, `summary.json`. Fields are only added within a schemaVersion, never changed. */
export const SCHEMA_VERSION = 1;

export interface TargetResult {
  /** Name as the report prints it, e.g. `connect success`. */
  name: string;
  /** The k6 metric that is judged. */
  metric: string;
  /** What is asked, as text: `> 80 %`, `< 10 s`. */
  target: string;
  /** What was measured, in the metric's unit (rates 0 to 1, times in ms, memory in bytes); null when not measured. */
  actual: number | null;
  /** null: not judged (it could not be measured), never counted as passed. */
  pass: boolean | null;
}

export interface Latency {
  /** Samples kept. */
  count: number;
  avg: number;
  min: number;
  med: number;
  p90: number;
  p95: number;
  p99: number;
  max: number;
}

/** Where each planned connection and each sent message ended. */
export interface Books {
  connections: {
    planned: number;
    attempted: number;
    /** Planned, but the run ended before their turn. */
    unattempted: number;
    established: number;
    failed: Record<string, number>;
    closed: number;
    dropped: Record<string, number>;
  };
  messages: { sent: number; replied: number; failed: Record<string, number>; unexpected: number };
  balanced: boolean;
  /** Which accounts do not add up, in words; empty when balanced. */
  differences: string[];
}

/** One tier of the scenario `tiers`: its row of the guide's table, and its own books. */
export interface TierResult extends Books {
  /** Connections of the tier, over all processes. */
  tier: number;
  targets: TargetResult[];
  /** Peak resident memory of k6 until the end of the tier, in bytes; null when it was not measured. */
  memoryBytes: number | null;
}

/** How many connections began in their turn, in the scenario `churn`. */
export interface Arrivals {
  askedPerSecond: number;
  achievedPerSecond: number;
  /** Planned connections that k6 could not begin when it was their turn, since no VU was free. */
  dropped: number;
  vus: number;
}

/** One of the two runs that the scenario `storm` compares. */
export interface ComparedRun {
  scenario: string;
  batchSize: number;
  batchDelayMs: number;
  attempted: number;
  established: number;
  failed: Record<string, number>;
  /** null: no connection was established. */
  connectP95Ms: number | null;
  /** Time to establish all that were established. */
  establishMs: number | null;
}

/** A storm beside a batched run. */
export interface Comparison {
  /** Where the batched run's summary was, as WS_COMPARE_WITH has it. */
  file: string;
  batched: ComparedRun;
  storm: ComparedRun;
}

export interface Summary extends Books {
  schemaVersion: typeof SCHEMA_VERSION;
  verdict: 'pass' | 'fail';
  scenario: string;
  plan: {
    /** Targets without user info, query and fragment: they can hold secrets. */
    urls: string[];
    profile: string;
    /** Connections of the whole test, over all processes. */
    connections: number;
    /** This process's share: equals connections unless execution segments are used. */
    share: number;
    /** k6 execution segment, e.g. `0:1/2`, or null. */
    segment: string | null;
    batchSize: number;
    batchDelayMs: number;
    holdMs: number;
    protocol: string;
    messageIntervalMs: number;
    messageTimeoutMs: number;
    messageSize: number;
    handshakeTimeoutMs: number;
    /** Planned length of the run. */
    totalMs: number;
    /** Names of settings that were given, but mean nothing in this run; only if there are some. */
    unusedSettings?: string[];
  };
  /** Wall-clock length of the run in ms. */
  durationMs: number;
  targets: TargetResult[];
  /** Texts behind the reasons, with counts: close codes, HTTP statuses, unrecognised errors. */
  details: Record<string, number>;
  latencyMs: {
    connect: Latency | null;
    establish: Latency | null;
    roundTrip: Latency | null;
    response: Latency | null;
    /** Round trips of the hold alone; only of scenarios whose samples carry the phase. */
    roundTripInHold?: Latency | null;
  };
  generator: {
    /** Peak resident memory of k6 in bytes; null when it was not measured. */
    memoryBytes: number | null;
    lagMs: Latency | null;
    /** Sentences that name the generator as the limit; empty when it was not. */
    limits: string[];
  };
  /** Only of the scenario `tiers`; all else in the summary is of the tiers together. */
  tiers?: TierResult[];
  /** Only of the scenario `churn`: planned = attempted + unattempted + dropped. */
  arrivals?: Arrivals;
  /** Only of the scenario `storm`, when WS_COMPARE_WITH is set. */
  comparison?: Comparison;
}
