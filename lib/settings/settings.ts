/** What a run is asked to do, resolved: profile applied, units converted, every value checked. */
export interface Settings {
  /** Targets; connection i takes urls[i mod n]. May hold secrets: use publicUrl() wherever one is shown. */
  urls: string[];
  profile: Profile;
  connections: number;
  batchSize: number;
  batchDelayMs: number;
  holdMs: number;
  handshakeTimeoutMs: number;
  /** Name of a shipped conversation, or path of a module. */
  conversation: string;
  /** Path of WS_USERS. */
  usersFile: string | null;
  readyTimeoutMs: number;
  messageIntervalMs: number;
  messageTimeoutMs: number;
  /** Bytes of payload in one message. */
  messageSize: number;
  subprotocol: string | null;
  headers: Record<string, string>;
  compression: boolean;
  ip: IpVersion;
  socketsPerVu: number;
  /** Targets set by the user; where one is null the tier decides (thresholds/tiers.ts). */
  minConnectSuccess: number | null;
  minReady: number | null;
  minHeld: number | null;
  minMessageSuccess: number | null;
  minDelivery: number;
  maxConnectTimeMs: number | null;
  maxRoundTripMs: number | null;
  maxDeliveryTimeMs: number | null;
  maxEstablishTimeMs: number | null;
  maxMemoryBytes: number | null;
  resultsDir: string | null;
  generatorAddress: string;
  /** Where the targets serve Prometheus text. May hold secrets: use publicEndpoint() wherever one is shown. */
  targetMetrics: string[];
  /** Where this host's figures are served; may hold secrets, too. */
  hostMetrics: string | null;
  tiers: number[];
  tierHoldMs: number;
  tierPauseMs: number;
  /** Connections that each step of the capacity scenario adds; null: a tenth of all. */
  step: number | null;
  /** How long each step is held, in ms. */
  stepHoldMs: number;
  /** New connections per second, in the churn scenario. */
  rate: number;
  /** Life of one connection in ms, in the churn scenario. */
  lifetimeMs: number;
  /** Length of the churn in ms. */
  churnMs: number;
  /** summary.json of a batched run that the storm is compared with. */
  compareWith: string | null;
  /** The first and the longest wait of a client before it comes back, in ms. */
  backoff: { fromMs: number; toMs: number };
  jitter: Jitter;
  /** Attempts of a client in one outage; null: until the planned end. */
  maxAttempts: number | null;
  maxRecoveryMs: number;
  minAvailability: number | null;
  cloudProject: number | null;
  /** Connections whose frames are logged. */
  trace: number;
}

/** Where the target server of this project listens. */
export const DEFAULT_URL = 'ws://localhost:8081/';

export const PROFILES = ['smoke', 'development', 'standard', 'production', 'soak'] as const;
export type Profile = (typeof PROFILES)[number];

export const SCENARIOS = ['concurrent', 'multiplexed', 'tiers', 'storm', 'churn', 'capacity', 'reconnect'] as const;
/** The files of scenarios/. */
export type Scenario = (typeof SCENARIOS)[number];

/** The smallest message of `echo` and `send-only` that holds an id, in bytes. */
export const MIN_MESSAGE_SIZE = 40;

/** How far the waits of clients that come back differ: from nothing up to all of the wait, or not at all. */
export const JITTERS = ['full', 'none'] as const;
export type Jitter = (typeof JITTERS)[number];

export const IP_VERSIONS = ['4', '6', 'any'] as const;
export type IpVersion = (typeof IP_VERSIONS)[number];

/** The part of the settings that a profile decides; each can be overridden by its own setting. */
export interface ProfileSizes {
  connections: number;
  batchSize: number;
  batchDelayMs: number;
  holdMs: number;
}

const MINUTE_MS = 60_000;

/**
 * Sizes by profile. `development` and `production` are the user's guide's two profiles, `standard` its recommended
 * run; `smoke` is a check that all is wired; `soak` is `standard` held for an hour.
 */
export const PROFILE_SIZES: Record<Profile, ProfileSizes> = {
  smoke: { connections: 100, batchSize: 100, batchDelayMs: 50, holdMs: 10_000 },
  development: { connections: 1_000, batchSize: 50, batchDelayMs: 50, holdMs: 5 * MINUTE_MS },
  standard: { connections: 10_000, batchSize: 100, batchDelayMs: 50, holdMs: 20 * MINUTE_MS },
  production: { connections: 50_000, batchSize: 200, batchDelayMs: 50, holdMs: 60 * MINUTE_MS },
  soak: { connections: 10_000, batchSize: 100, batchDelayMs: 50, holdMs: 60 * MINUTE_MS },
};
