import type { Jitter } from '../settings/settings.ts';
import type { HostResult, TargetProcess } from './beside-result.ts';

/** The machine-readable result, `summary.json`. Fields are only added within a schemaVersion, never changed. */
export const SCHEMA_VERSION = 2;

/** Of a file that was written before: its fields mean something else. */
export function olderRelease(version: number): string {
  return `schemaVersion ${version} of an older release, expected ${SCHEMA_VERSION}`;
}

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
  /**
   * Only of a share of a part of the run, such as the hold, for which there are no books: what it is made of, so that several
   * processes add up. Of deliveries `total` is what was expected.
   */
  samples?: { passes: number; total: number };
}

export interface Latency {
  /** Samples kept; null: k6 did not tell (shapes.ts). */
  count: number | null;
  avg: number;
  min: number;
  med: number;
  p90: number;
  p95: number;
  /** null: k6 did not tell. */
  p99: number | null;
  max: number;
}

/** One kind of request by itself. */
export interface RequestBooks {
  sent: number;
  answered: number;
  /** Neither answered nor, for a kind without a reply, only sent. */
  failed: number;
  latencyMs: Latency | null;
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
    /** Login complete; all established ones where the conversation has none. */
    ready: number;
    notReady: Record<string, number>;
    closed: number;
    dropped: Record<string, number>;
  };
  messages: {
    sent: number;
    answered: number;
    /** Sent without a reply to wait for: nothing more is claimed of them. */
    sentOnly: number;
    failed: Record<string, number>;
    /** Those that failed as `refused`, by the server's word. */
    refused: Record<string, number>;
    unexpected: number;
    /** By kind, where the conversation has several. */
    byRequest?: Record<string, RequestBooks>;
  };
  pushes: Record<string, number>;
  /** Of what was sent in the hold to several receivers; null: nothing has a reach. */
  deliveries: { expected: number; delivered: number; missing: number; duplicate: number } | null;
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

/** One step of the scenario `capacity`, judged by itself over all connections up to it. */
export interface CapacityStep {
  /** Connections at its end if all are held, over all processes. */
  connections: number;
  /** null: it was not judged, since the test ended before. */
  pass: boolean | null;
  /** At its end, of this process; of a merged result, of all. */
  planned: number;
  established: number;
  ready: number;
  open: number;
  targets: TargetResult[];
  roundTripMs: Latency | null;
  connectMs: Latency | null;
  lagMs: Latency | null;
  /** Sentences that name the generator as a limit in this step; empty when it was not. */
  limits: string[];
}

/** How many connections are held, in the scenario `capacity`. */
export interface Capacity {
  /** Connections at the end of the last step that met all its targets, as all before it did; 0: not even the first. */
  holds: number;
  /** Connections of the first step that missed a target; null: none did. */
  failedAt: number | null;
  /** The server may hold more: none was missed, or the generator was at its limit where one was. */
  isAtLeast: boolean;
  /** What the step at `failedAt` missed, a text each. */
  reasons: string[];
  /** Whose limit it most likely was (server, network, generator), and what to look at, a sentence each. */
  causes: string[];
  steps: CapacityStep[];
}

/** Clients of one server that were dropped at about the same time. */
export interface Outage {
  /** Second of the first drop, in UTC: `2026-11-26T12:05:13Z`. */
  at: string;
  /** Host and port; null: WS_URL names one server, or so many that they are not told apart. */
  server: string | null;
  /** Drops. */
  clients: number;
  back: number;
  /** Still down at their planned end. */
  open: number;
  /** Until 95 % and until all were ready again, each from its own drop, to 1 %; null: they never were. */
  back95Ms: number | null;
  backAllMs: number | null;
}

/** Clients that come back, in the scenario `reconnect`. */
export interface Reconnect {
  /** planned = unattempted + up + down + givenUp. */
  clients: {
    planned: number;
    /** The run ended before their turn. */
    unattempted: number;
    /** Ready at least once. */
    connected: number;
    /** Closed as planned. */
    up: number;
    /** At the planned end, by the reason of the last failure or drop. */
    down: Record<string, number>;
    /** After WS_MAX_ATTEMPTS. */
    givenUp: number;
  };
  /** Attempts after the first of each client. */
  attemptsAgain: number;
  /** Outages of clients, a client in each once until it is back: recovered + open. */
  outages: { drops: number; recovered: number; open: number };
  /** In the order of time. */
  events: Outage[];
  /** Drops here and there, which are not among those. */
  singleDrops: number;
  /** From its drop until a client was ready again; null: none was. */
  downMs: Latency | null;
  /** Attempts that a recovery took. */
  attemptsPerRecovery: Latency | null;
  /** The greatest number of attempts, after the first of each client, in one second, and how many of these the server accepted. */
  herd: Herd | null;
  /** The second of which the server accepted most. */
  accepted: Herd | null;
  /** Attempts and established ones by the second in which they began, in seconds since the epoch. */
  bySecond: Record<string, [attempts: number, established: number]>;
  /** Share of the clients' time that they were ready, 0 to 1; null: it was not measured to the end. */
  availability: number | null;
  /** Requests that were due while a client was down, and not sent. */
  withheld: number;
}

export interface Herd {
  /** The second, in UTC. */
  at: string;
  /** 1, or more in a run of more than half an hour. */
  seconds: number;
  attempts: number;
  established: number;
}

/** What a run was made with. */
export interface Versions {
  /** Of this package; not where k6 runs the sources. */
  scripts?: string;
  /** Of k6, by what started it: k6 does not tell a script. */
  k6?: string;
  /** The generator's operating system and machine, by what started k6. */
  system?: string;
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
    /** Name of a shipped conversation, or the path of a module as it was given. */
    conversation: string;
    /** Rows of the users' file; null: there is none. */
    users: number | null;
    readyTimeoutMs: number;
    messageIntervalMs: number;
    messageTimeoutMs: number;
    messageSize: number;
    handshakeTimeoutMs: number;
    /** Planned length of the run. */
    totalMs: number;
    /** Names of settings that were given, but mean nothing in this run; only if there are some. */
    unusedSettings?: string[];
    /** The proxy on the way to each target, without credentials, as k6 takes it from the environment; only if there is one. */
    proxies?: (string | null)[];
    /** Names that begin as ours and are not; only if there are some. */
    ignoredNames?: string[];
    /** The batches that a storm does without; only of the scenario `storm`. */
    insteadOf?: { batchSize: number; batchDelayMs: number };
    /** How clients wait before they come back, as the settings have it; only of the scenario `reconnect`. */
    comeBack?: { backoff: string; jitter: Jitter; maxAttempts: number | null };
  };
  /** The plan in one sentence. */
  description?: string;
  /** When the run ended, as `2026-11-26T12:00:00.000Z`. */
  endedAt?: string;
  /** What ran, as far as it is known. */
  versions?: Versions;
  /** Wall-clock length of the run in ms. */
  durationMs: number;
  targets: TargetResult[];
  /** Texts behind the reasons, with counts: close codes, HTTP statuses, unrecognised errors. */
  details: Record<string, number>;
  /** What the conversation or this package threw, with its place, and how often. */
  scriptErrors: Record<string, number>;
  /** Some of the frames that were unexpected or at which the conversation threw, cut and without secrets; the counts are of those that were looked at. */
  unexpectedFrames: Record<string, number>;
  /** Failures and drops by target, as `2 host:port: not established`, where WS_URL names several. */
  byTarget?: Record<string, number>;
  /** Failures and drops by address, as `example.com at 10.0.0.7: not established`, as far as errors tell it. */
  byAddress?: Record<string, number>;
  /** Sentences on the failures as a whole; empty: none. */
  hints: string[];
  /** Sentences on what no target sees of the requests (unproved.ts). */
  unproved?: string[];
  /** Checks of the conversation's own. */
  checks: Record<string, { passes: number; fails: number }>;
  latencyMs: {
    connect: Latency | null;
    establish: Latency | null;
    /** From the handshake to the complete login; null where there is none. */
    ready: Latency | null;
    roundTrip: Latency | null;
    response: Latency | null;
    /** From the send to the first of several replies. */
    firstReply: Latency | null;
    /** From a stamp to its delivery; below 0 where clocks differ. */
    delivery: Latency | null;
    /** Round trips of the hold alone; only of scenarios whose samples carry the phase. */
    roundTripInHold?: Latency | null;
  };
  generator: {
    /** Peak resident memory of k6 in bytes; null when it was not measured. */
    memoryBytes: number | null;
    lagMs: Latency | null;
    /** Share of its time that a VU spent in frames, 0 to 1; null: not measured. */
    busy: Latency | null;
    /** Sentences that name the generator as the limit; empty when it was not. */
    limits: string[];
  };
  /** Only with WS_TARGET_METRICS: what each endpoint told, then the sum where there are several (beside-result.ts). */
  target?: TargetProcess[];
  /** Only with WS_HOST_METRICS: the host of k6 (beside-result.ts). */
  host?: HostResult;
  /** Only of the scenario `tiers`; all else in the summary is of the tiers together. */
  tiers?: TierResult[];
  /** Only of the scenario `churn`: planned = attempted + unattempted + dropped. */
  arrivals?: Arrivals;
  /** Only of the scenario `capacity`. */
  capacity?: Capacity;
  /** Only of the scenario `reconnect`: planned connections are then attempts, the first of each client and those after it. */
  reconnect?: Reconnect;
  /** Only of the scenario `storm`, when WS_COMPARE_WITH is set. */
  comparison?: Comparison;
}
