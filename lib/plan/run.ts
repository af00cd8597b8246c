import type { Traits } from '../conversation/traits.ts';
import type { Settings } from '../settings/settings.ts';
import { publicUrl } from '../settings/url.ts';
import { CLOSE_LEAD_MS, planOf } from './plan.ts';
import { lagStep, plannedMessages, sampleShare } from './sampling.ts';

type Copied =
  | 'compression'
  | 'handshakeTimeoutMs'
  | 'readyTimeoutMs'
  | 'messageIntervalMs'
  | 'messageTimeoutMs'
  | 'messageSize'
  | 'connections'
  | 'batchSize'
  | 'batchDelayMs'
  | 'generatorAddress'
  | 'trace';

/**
 * What a connection has to know of settings and plan, worked out once. It travels to the VUs in their scenario's
 * environment: parsing the settings again, or k6's SharedArray, would leave 7 to 20 KB in each of them. k6 shows that
 * environment (`k6 inspect`), so nothing secret is in it.
 */
export interface Run extends Pick<Settings, Copied> {
  /** The only target; null when it, a header or the sub-protocol has to be read from what the user gave (settings/access.ts). */
  url: string | null;
  /** Makes a message of `echo` messageSize bytes long. */
  padding: string;
  /** When the last batch has begun and the hold starts, in ms since the start of the ramp. */
  rampMs: number;
  /** When the first batch closes, in ms since the start of the ramp; the others follow at its pace. */
  closeMs: number;
  totalMs: number;
  /** Deliveries of what is sent from then to then count, in ms since the start of the ramp: all receivers are up. */
  countFromMs: number;
  countToMs: number;
  /** Share of the round trips and lags whose samples are kept, 0 to 1 (sampling.ts). */
  sampleShare: number;
  /** Requests of a connection between two samples of the lag. */
  lagStep: number;
  /** Connections of one VU. */
  perVu: number;
  /** Messages go out at whole multiples of it, in ms since the epoch. */
  sendStepMs: number;
  /** Between two looks of a VU at its own lateness; 0: its messages show it. */
  beatMs: number;
  /** Connections arrive on their own: times are since the start of each, and a VU has many, one after the other. */
  arrives: boolean;
  /** Connections come in steps; null: in one ramp. */
  steps: Steps | null;
}

/** The stairs of a run, all steps alike; times are in ms since the step's start. */
export interface Steps {
  /** Connections that a step adds. */
  size: number;
  /** From one step to the next. */
  eachMs: number;
  /** Requests that are sent from then to then are the step's. */
  fromMs: number;
  toMs: number;
  /** When it is written down how its connections are. */
  endMs: number;
}

/** How clients wait before they come back; in ms. */
export interface Backoff {
  fromMs: number;
  toMs: number;
  jitter: Settings['jitter'];
}

/** What clients that come back have to know besides (lib/plan/reconnect.ts). */
export interface ClientPlan extends Backoff {
  /** Attempts for each outage; null: until the planned end. */
  maxAttempts: number | null;
  maxRecoveryMs: number;
  /** Attempts are counted by the second, in a long run by so many seconds: k6 keeps a name for each. */
  herdStepSeconds: number;
}

/** The run of these settings, with `perVu` connections on a VU. */
export function runOf(settings: Settings, perVu: number, traits: Traits): Run {
  const { urls, headers, holdMs } = settings;
  const { rampMs, holdEndMs, totalMs } = planOf(settings);
  const [url = ''] = urls;
  const isPlain =
    urls.length === 1 &&
    settings.subprotocol === null &&
    !/[{}]/.test(url) &&
    Object.keys(headers).length === 0 &&
    [url, `${url}/`].includes(publicUrl(url));
  const closeMs = holdEndMs + CLOSE_LEAD_MS;
  const messages = plannedMessages(settings, traits);
  return {
    url: isPlain ? url : null,
    compression: settings.compression,
    handshakeTimeoutMs: settings.handshakeTimeoutMs,
    readyTimeoutMs: settings.readyTimeoutMs,
    messageIntervalMs: settings.messageIntervalMs,
    messageTimeoutMs: settings.messageTimeoutMs,
    messageSize: settings.messageSize,
    connections: settings.connections,
    batchSize: settings.batchSize,
    batchDelayMs: settings.batchDelayMs,
    generatorAddress: settings.generatorAddress,
    trace: settings.trace,
    padding: 'x'.repeat(Math.max(0, settings.messageSize - BYTES_AROUND_PADDING)),
    rampMs,
    closeMs,
    totalMs,
    // The last logins, and the first connections to close: else a share would be missing that nobody withheld.
    countFromMs: rampMs + Math.min(settleMs(settings, traits), holdMs / 4),
    countToMs: closeMs - Math.min(settings.messageTimeoutMs, holdMs / 4),
    sampleShare: sampleShare(messages),
    lagStep: lagStep(messages),
    perVu,
    sendStepMs: sendStepMs(settings.messageIntervalMs),
    beatMs: beatMs(settings, perVu, traits),
    arrives: false,
    steps: null,
  };
}

/** Bytes of a message of `echo` around its padding: `{"id":"k6-10000000-10000000","pad":""}`. */
const BYTES_AROUND_PADDING = 38;

/** From the last batch's turn until each of its connections is ready, or never will be. */
export function settleMs({ handshakeTimeoutMs, readyTimeoutMs }: Settings, { hasLogin }: Traits): number {
  return handshakeTimeoutMs + (hasLogin ? readyTimeoutMs : 0);
}

const SHORTEST_BEAT_MS = 1_000;

/** About 1,000 beats a second over all VUs at most: below 2 % of the CPU that 10,000 VUs take with a message each 5 s. */
function beatMs({ connections }: Settings, perVu: number, { isLean, kinds }: Traits): number {
  if (isLean && kinds.length > 0) return 0;
  return Math.max(SHORTEST_BEAT_MS, Math.ceil(connections / perVu));
}

/** As exact as the clock: a VU that wakes between two of its ticks finds that it is too early, and sleeps again. */
const SHORTEST_SEND_STEP_MS = 1;

/** At most this; a reply waits about half of it longer where the server has no core to spare. */
const LONGEST_SEND_STEP_MS = 10;

/**
 * VUs that send in step wake k6 and the server once for many messages: of 10,000 connections with a message each 5 s
 * it takes a quarter off k6's CPU over k6/websockets, a tenth over k6/ws. A tenth of the interval at most, and a whole
 * part of it, or they would fall out.
 */
function sendStepMs(intervalMs: number): number {
  let step = Math.min(LONGEST_SEND_STEP_MS, Math.floor(intervalMs / 10));
  while (step > SHORTEST_SEND_STEP_MS && intervalMs % step !== 0) step -= 1;
  return Math.max(step, SHORTEST_SEND_STEP_MS);
}

/** A Run as environment: `RUN_` and the field's name, null and false as no entry. */
export type RunEnv = { [Field in keyof Run as `RUN_${Field}`]?: string };

/**
 * The run as the environment of a k6 scenario; runFrom() in lib/scenario/run-from.ts reads it. An entry for each
 * field, because JSON.parse in a VU costs 12 KB, 5 of them for good.
 */
export function envOf(run: Run): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(run)) {
    if (value === null || value === false) continue;
    env[`RUN_${name}`] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return env;
}
