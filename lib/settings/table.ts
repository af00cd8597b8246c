import { endpoint, endpoints } from './endpoints.ts';
import {
  duration,
  durations,
  Expected,
  flag,
  headers,
  integer,
  integers,
  oneOf,
  share,
  size,
  subprotocols,
} from './parsers.ts';
import {
  DEFAULT_URL,
  IP_VERSIONS,
  JITTERS,
  MIN_MESSAGE_SIZE,
  PROFILES,
  type Scenario,
  type Settings,
} from './settings.ts';
import { columnsOf } from './template.ts';
import { urls } from './url.ts';

/** One row of the table of settings: the single source for parsing, the error texts and the table in docs/settings.md. */
export interface Setting<K extends keyof Settings = keyof Settings> {
  name: `WS_${string}`;
  key: K;
  /** The default as a user would write it; null: none, or (see `byProfile`, `byTier`) decided elsewhere. */
  default: string | null;
  decidedBy?: 'profile' | 'tier';
  /** A value that is right, for error messages. */
  example: string;
  meaning: string;
  /** The value can hold secrets and is never shown. */
  secret?: true;
  /** The scenarios in which it means something; all, if not given. */
  scenarios?: readonly Scenario[];
  /** What a conversation has to have, else it means nothing. */
  needs?: Need;
  parse: (text: string) => Settings[K];
}

/** `timeout`: something waits. `size`: makes frames by WS_MESSAGE_SIZE. `subprotocol`: asks for none of its own. */
export type Need = 'requests' | 'replies' | 'timeout' | 'login' | 'reach' | 'size' | 'subprotocol';

const row = <K extends keyof Settings>(setting: Setting<K>): Setting => setting as unknown as Setting;

/** Those with one ramp, hold and close. */
const ONE_RAMP: readonly Scenario[] = ['concurrent', 'multiplexed', 'storm', 'reconnect'];
/** Those in which a login that failed is not tried again. */
const EACH_ATTEMPT_ONCE: readonly Scenario[] = ['concurrent', 'multiplexed', 'tiers', 'storm', 'churn', 'capacity'];
const RAMPS: readonly Scenario[] = [...ONE_RAMP, 'tiers'];
const BATCHES: readonly Scenario[] = [...RAMPS, 'capacity'];

const DAY_MS = 24 * 3_600_000;
/** A bound against typing errors; one address reaches one target about 64,000 times at most (RFC 9293, 3.1: ports). */
const MAX_CONNECTIONS = 1_000_000;

/** All settings, in the order of docs/settings.md. */
export function settingsTable(): Setting[] {
  return [
    row({
      name: 'WS_URL',
      key: 'urls',
      default: DEFAULT_URL,
      example: DEFAULT_URL,
      meaning: 'target, or several separated by commas: connection i takes target i mod n',
      secret: true,
      parse: withColumns(urls),
    }),
    row({
      name: 'WS_PROFILE',
      key: 'profile',
      default: 'standard',
      example: 'smoke',
      meaning:
        '`smoke` 100 connections, 10 s; `development` 1,000, batches of 50, 5 min; `standard` 10,000, batches of 100, 20 min; `production` 50,000, batches of 200, 60 min; `soak` 10,000, 60 min. Single settings override it',
      scenarios: BATCHES,
      parse: oneOf(PROFILES),
    }),
    row({
      name: 'WS_CONNECTIONS',
      key: 'connections',
      default: null,
      decidedBy: 'profile',
      example: '10000',
      meaning: 'connections at the peak; in `capacity` the most that is tried',
      scenarios: [...ONE_RAMP, 'capacity'],
      parse: integer(1, MAX_CONNECTIONS),
    }),
    row({
      name: 'WS_BATCH_SIZE',
      key: 'batchSize',
      default: null,
      decidedBy: 'profile',
      example: '100',
      meaning: 'connections opened at once',
      scenarios: BATCHES,
      parse: integer(1, MAX_CONNECTIONS),
    }),
    row({
      name: 'WS_BATCH_DELAY',
      key: 'batchDelayMs',
      default: null,
      decidedBy: 'profile',
      example: '50ms',
      meaning: 'time from one batch to the next',
      scenarios: BATCHES,
      parse: duration(1, 3_600_000),
    }),
    row({
      name: 'WS_HOLD',
      key: 'holdMs',
      default: null,
      decidedBy: 'profile',
      example: '20m',
      meaning: 'how long all connections are held after the ramp',
      scenarios: ONE_RAMP,
      parse: duration(1_000, DAY_MS),
    }),
    row({
      name: 'WS_HANDSHAKE_TIMEOUT',
      key: 'handshakeTimeoutMs',
      default: '10s',
      example: '10s',
      meaning: 'a handshake that takes longer is a failure, even if it succeeds later',
      // k6 itself gives up after 60 s (HandshakeTimeout in k6/ws and k6/websockets).
      parse: duration(1, 60_000),
    }),
    row({
      name: 'WS_READY_TIMEOUT',
      key: 'readyTimeoutMs',
      default: '10s',
      example: '10s',
      meaning: 'a login that takes longer after the handshake is a failure, even if it succeeds later',
      needs: 'login',
      parse: duration(1, 600_000),
    }),
    row({
      name: 'WS_CONVERSATION',
      key: 'conversation',
      default: 'echo',
      example: 'chat.ts',
      meaning:
        '`echo` the reply is the message itself; `listen` sends nothing; `send-only` sends and claims nothing about replies; `socket.io`, `graphql-transport-ws`, `mqtt`, `stomp`, `json-rpc` log in and hold ([docs/protocols.md](docs/protocols.md)); or the path of a module of your own ([docs/conversations.md](docs/conversations.md))',
      parse: (text) => text,
    }),
    row({
      name: 'WS_USERS',
      key: 'usersFile',
      default: null,
      example: 'users.csv',
      meaning:
        'CSV with a header line, or JSON array of objects: connection i is user i mod rows; `{column}` in `WS_URL`, `WS_HEADERS` and `WS_SUBPROTOCOL` takes its value (`{{` for a brace)',
      parse: (text) => text,
    }),
    row({
      name: 'WS_MESSAGE_INTERVAL',
      key: 'messageIntervalMs',
      default: '5s',
      example: '5s',
      meaning:
        'time between two messages of one connection, in `churn` at most a quarter of `WS_LIFETIME`; each starts at its own random phase',
      needs: 'requests',
      parse: duration(10, DAY_MS),
    }),
    row({
      name: 'WS_MESSAGE_TIMEOUT',
      key: 'messageTimeoutMs',
      default: '5s',
      example: '5s',
      meaning: 'a reply that takes longer is a failure, even if it comes later',
      needs: 'timeout',
      parse: duration(1, 600_000),
    }),
    row({
      name: 'WS_MESSAGE_SIZE',
      key: 'messageSize',
      default: '64',
      example: '64',
      meaning: 'bytes in one message of `echo` and `send-only`, its id included',
      needs: 'size',
      // A message that fits the socket's buffers: see MAX_UNREAD_BYTES in lib/connection/connection.ts.
      parse: size(MIN_MESSAGE_SIZE, 65_000),
    }),
    row({
      name: 'WS_SUBPROTOCOL',
      key: 'subprotocol',
      default: null,
      example: 'graphql-transport-ws',
      meaning: 'sub-protocol asked for in the handshake; several separated by commas',
      needs: 'subprotocol',
      secret: true,
      parse: subprotocols,
    }),
    row({
      name: 'WS_HEADERS',
      key: 'headers',
      default: '{}',
      example: '{"Authorization":"Bearer abc"}',
      meaning: 'headers of the handshake, as a JSON object',
      secret: true,
      parse: withColumns(headers),
    }),
    row({
      name: 'WS_COMPRESSION',
      key: 'compression',
      default: 'false',
      example: 'true',
      meaning: '`true` offers permessage-deflate in the handshake',
      parse: flag,
    }),
    row({
      name: 'WS_IP',
      key: 'ip',
      default: '4',
      example: '4',
      meaning: '`4`, `6` or `any`: what names resolve to. An address of the other kind is an error',
      parse: oneOf(IP_VERSIONS),
    }),
    row({
      name: 'WS_SOCKETS_PER_VU',
      key: 'socketsPerVu',
      default: '100',
      example: '100',
      meaning: 'connections that one VU holds (`multiplexed`, `tiers`, `capacity` and `reconnect`)',
      scenarios: ['multiplexed', 'tiers', 'capacity', 'reconnect'],
      parse: integer(1, 10_000),
    }),
    row({
      name: 'WS_MIN_CONNECT_SUCCESS',
      key: 'minConnectSuccess',
      default: null,
      decidedBy: 'tier',
      example: '0.95',
      meaning:
        'target: share of connections that are established, `0.95` or `95%`; in `reconnect` of clients that were ready at least once',
      parse: share,
    }),
    row({
      name: 'WS_MIN_READY',
      key: 'minReady',
      default: null,
      decidedBy: 'tier',
      example: '0.95',
      meaning: 'target: share of the established connections whose login is completed; if not set, as above',
      needs: 'login',
      scenarios: EACH_ATTEMPT_ONCE,
      parse: share,
    }),
    row({
      name: 'WS_MIN_HELD',
      key: 'minHeld',
      default: null,
      decidedBy: 'tier',
      example: '0.95',
      meaning:
        'target: share of the ready connections that last until the test closes them, in `reconnect` of clients that are up at the end; if not set, as connect success',
      parse: share,
    }),
    row({
      name: 'WS_MIN_MESSAGE_SUCCESS',
      key: 'minMessageSuccess',
      default: null,
      decidedBy: 'tier',
      example: '0.9',
      meaning: 'target: share of messages answered in time',
      needs: 'replies',
      parse: share,
    }),
    row({
      name: 'WS_MAX_ROUND_TRIP',
      key: 'maxRoundTripMs',
      default: null,
      example: '500ms',
      meaning: 'target: 95th percentile of the round trips',
      needs: 'replies',
      parse: duration(1, 600_000),
    }),
    row({
      name: 'WS_MIN_DELIVERY',
      key: 'minDelivery',
      default: '0.99',
      example: '0.99',
      meaning: 'target: share delivered of what a request with a `reach` was to bring to others in the hold',
      needs: 'reach',
      parse: share,
    }),
    row({
      name: 'WS_MAX_DELIVERY_TIME',
      key: 'maxDeliveryTimeMs',
      default: null,
      example: '500ms',
      meaning: 'target: 95th percentile of the time from a stamp to its delivery',
      needs: 'reach',
      parse: duration(1, 600_000),
    }),
    row({
      name: 'WS_MAX_CONNECT_TIME',
      key: 'maxConnectTimeMs',
      default: null,
      decidedBy: 'tier',
      example: '10s',
      meaning: 'target: the slowest successful handshake',
      parse: duration(1, 60_000),
    }),
    row({
      name: 'WS_MAX_ESTABLISH_TIME',
      key: 'maxEstablishTimeMs',
      default: null,
      decidedBy: 'tier',
      example: '30s',
      meaning: 'target: time to establish all connections',
      scenarios: RAMPS,
      parse: duration(1, DAY_MS),
    }),
    row({
      name: 'WS_MAX_MEMORY',
      key: 'maxMemoryBytes',
      default: null,
      decidedBy: 'tier',
      example: '2GB',
      meaning: 'target: peak resident memory of k6',
      parse: size(1e6, 1e12),
    }),
    row({
      name: 'WS_RESULTS_DIR',
      key: 'resultsDir',
      default: null,
      example: 'results',
      meaning:
        'existing folder for `summary.json`, `junit.xml` and `report.html` (`npm start` makes it); without it nothing is written',
      parse: (text) => text.replace(/[/\\]+$/, '') || text,
    }),
    row({
      name: 'WS_TRACE',
      key: 'trace',
      default: '0',
      example: '1',
      meaning:
        'connections, from the first on, whose frames are logged as they come and go: what one needs to write a conversation',
      parse: integer(0, 100),
    }),
    row({
      name: 'WS_GENERATOR_ADDRESS',
      key: 'generatorAddress',
      default: '127.0.0.1:6565',
      example: '127.0.0.1:6565',
      meaning: 'where this k6 serves its own figures (`--address` with `--profiling-enabled`): memory is read there',
      parse: address,
    }),
    row({
      name: 'WS_TARGET_METRICS',
      key: 'targetMetrics',
      default: null,
      example: 'http://127.0.0.1:9100/metrics',
      meaning:
        'where the target serves its own figures as Prometheus text, or several separated by commas: its memory, CPU and open files beside the run ([docs/monitoring.md](docs/monitoring.md#the-target-beside-the-run))',
      secret: true,
      parse: endpoints,
    }),
    row({
      name: 'WS_HOST_METRICS',
      key: 'hostMetrics',
      default: null,
      example: 'http://127.0.0.1:9100/metrics',
      meaning:
        "where this host's figures are served: `npm start`, `run-processes.mjs` and `run-concurrent.ps1` do it, elsewhere Prometheus's node_exporter on the host of k6",
      secret: true,
      parse: endpoint,
    }),
    row({
      name: 'WS_TIERS',
      key: 'tiers',
      default: '1000,5000,10000',
      example: '1000,5000',
      meaning: 'connections of each tier, ascending (`tiers`, instead of WS_CONNECTIONS)',
      scenarios: ['tiers'],
      parse: integers(1, MAX_CONNECTIONS),
    }),
    row({
      name: 'WS_TIER_HOLD',
      key: 'tierHoldMs',
      default: '60s',
      example: '60s',
      meaning: 'how long each tier is held (`tiers`, instead of WS_HOLD)',
      scenarios: ['tiers'],
      parse: duration(1_000, DAY_MS),
    }),
    row({
      name: 'WS_TIER_PAUSE',
      key: 'tierPauseMs',
      default: '10s',
      example: '10s',
      meaning: 'pause between tiers, for ports to settle (`tiers` only)',
      scenarios: ['tiers'],
      parse: duration(0, 3_600_000),
    }),
    row({
      name: 'WS_STEP',
      key: 'step',
      default: null,
      example: '500',
      meaning:
        'connections that each step adds (`capacity` only); if not set, a tenth of WS_CONNECTIONS; at most 50 steps',
      scenarios: ['capacity'],
      parse: integer(1, MAX_CONNECTIONS),
    }),
    row({
      name: 'WS_STEP_HOLD',
      key: 'stepHoldMs',
      default: '30s',
      example: '30s',
      meaning: 'how long each step is held and judged (`capacity`, instead of WS_HOLD)',
      scenarios: ['capacity'],
      parse: duration(1_000, DAY_MS),
    }),
    row({
      name: 'WS_RATE',
      key: 'rate',
      default: '100',
      example: '100',
      meaning: 'new connections per second (`churn` only); needs rate × (lifetime + 1s) VUs, at most 50,000',
      scenarios: ['churn'],
      parse: integer(1, 100_000),
    }),
    row({
      name: 'WS_LIFETIME',
      key: 'lifetimeMs',
      default: '2s',
      example: '2s',
      meaning: 'life of one connection, its handshake included (`churn` only)',
      scenarios: ['churn'],
      parse: duration(10, 3_600_000),
    }),
    row({
      name: 'WS_CHURN',
      key: 'churnMs',
      default: '60s',
      example: '60s',
      meaning: 'how long connections keep arriving (`churn` only)',
      scenarios: ['churn'],
      parse: duration(1_000, DAY_MS),
    }),
    row({
      name: 'WS_BACKOFF',
      key: 'backoff',
      default: '1s..30s',
      example: '1s..30s',
      meaning:
        'first and longest wait of a client before it comes back (`reconnect` only); each in a row is twice as long as the one before',
      scenarios: ['reconnect'],
      parse: durations(10, 3_600_000),
    }),
    row({
      name: 'WS_JITTER',
      key: 'jitter',
      default: 'full',
      example: 'none',
      meaning:
        '`full` waits a random part of that time, `none` all of it, which brings all clients back at once (`reconnect` only)',
      scenarios: ['reconnect'],
      parse: oneOf(JITTERS),
    }),
    row({
      name: 'WS_MAX_ATTEMPTS',
      key: 'maxAttempts',
      default: null,
      example: '10',
      meaning: 'attempts after which a client gives up, for each outage (`reconnect` only); without it, it never does',
      scenarios: ['reconnect'],
      parse: integer(1, 1_000_000),
    }),
    row({
      name: 'WS_MAX_RECOVERY',
      key: 'maxRecoveryMs',
      default: '60s',
      example: '60s',
      meaning: 'target: all clients that were dropped are ready again within this time (`reconnect` only)',
      scenarios: ['reconnect'],
      parse: duration(1, DAY_MS),
    }),
    row({
      name: 'WS_MIN_AVAILABILITY',
      key: 'minAvailability',
      default: null,
      example: '0.99',
      meaning: "target: share of the clients' time in which they were ready (`reconnect` only)",
      scenarios: ['reconnect'],
      parse: share,
    }),
    row({
      name: 'WS_COMPARE_WITH',
      key: 'compareWith',
      default: null,
      example: 'results/summary.json',
      meaning:
        '`summary.json` of a batched run to compare with (`storm` only); a relative path is looked for where the command was typed, then beside the script and in the folder above',
      scenarios: ['storm'],
      parse: (text) => text,
    }),
    row({
      name: 'WS_CLOUD_PROJECT',
      key: 'cloudProject',
      default: null,
      example: '3731234',
      meaning: 'project of `k6 cloud run`',
      parse: integer(1, Number.MAX_SAFE_INTEGER),
    }),
  ];
}

/** Refuses a brace that is no column's here, with all other problems: whether there is such a column is asked later. */
function withColumns<Value extends string[] | Record<string, string>>(parse: (text: string) => Value) {
  return (text: string): Value => {
    const value = parse(text);
    for (const part of Object.values<string>(value)) columnsOf(part);
    return value;
  };
}

function address(text: string): string {
  const port = Number(/^(?:\[[0-9a-fA-F:]+\]|[^:/@\s]+):(\d{1,5})$/.exec(text)?.[1] ?? 0);
  if (port < 1 || port > 65_535) throw new Expected('an address of the form host:port');
  return text;
}
