import { protocolOf } from '../protocol/choose.ts';
import { paddingFor } from '../protocol/message.ts';
import type { Settings } from '../settings/settings.ts';
import { publicUrl } from '../settings/url.ts';
import { CLOSE_LEAD_MS, planOf } from './plan.ts';
import { sampleShare } from './sampling.ts';

type Copied =
  | 'subprotocol'
  | 'compression'
  | 'handshakeTimeoutMs'
  | 'protocol'
  | 'messageIntervalMs'
  | 'messageTimeoutMs'
  | 'messageSize'
  | 'connections'
  | 'batchSize'
  | 'batchDelayMs'
  | 'generatorAddress';

/**
 * What a connection has to know of settings and plan, worked out once. It travels to the VUs in their scenario's
 * environment: parsing the settings again, or k6's SharedArray, would leave 7 to 20 KB in each of them. k6 shows that
 * environment (`k6 inspect`), so nothing secret is in it.
 */
export interface Run extends Pick<Settings, Copied> {
  /** The only target; null when it or a header is secret, or of several: accessOf() reads what the user gave. */
  url: string | null;
  sends: boolean;
  awaitsReply: boolean;
  /** Makes a message messageSize bytes long. */
  padding: string;
  /** When the last batch has begun and the hold starts, in ms since the start of the ramp. */
  rampMs: number;
  /** When the first batch closes, in ms since the start of the ramp; the others follow at its pace. */
  closeMs: number;
  totalMs: number;
  /** Share of the round trips and lags whose samples are kept, 0 to 1 (sampling.ts). */
  sampleShare: number;
  /** Connections of one VU. */
  perVu: number;
  /** Messages go out at whole multiples of it, in ms since the epoch. */
  sendStepMs: number;
  /** Connections arrive on their own: times are since the start of each, and a VU has many, one after the other. */
  arrives: boolean;
}

/** The run of these settings, with `perVu` connections on a VU. */
export function runOf(settings: Settings, perVu: number): Run {
  const { urls, headers } = settings;
  const { rampMs, holdEndMs, totalMs } = planOf(settings);
  const { sends, awaitsReply } = protocolOf(settings.protocol);
  const [url = ''] = urls;
  const isPlain = urls.length === 1 && Object.keys(headers).length === 0 && [url, `${url}/`].includes(publicUrl(url));
  return {
    url: isPlain ? url : null,
    subprotocol: settings.subprotocol,
    compression: settings.compression,
    handshakeTimeoutMs: settings.handshakeTimeoutMs,
    protocol: settings.protocol,
    messageIntervalMs: settings.messageIntervalMs,
    messageTimeoutMs: settings.messageTimeoutMs,
    messageSize: settings.messageSize,
    connections: settings.connections,
    batchSize: settings.batchSize,
    batchDelayMs: settings.batchDelayMs,
    generatorAddress: settings.generatorAddress,
    sends,
    awaitsReply,
    padding: paddingFor(settings.messageSize),
    rampMs,
    closeMs: holdEndMs + CLOSE_LEAD_MS,
    totalMs,
    sampleShare: sampleShare(settings),
    perVu,
    sendStepMs: sendStepMs(settings.messageIntervalMs),
    arrives: false,
  };
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
 * The run as the environment of a k6 scenario; runFrom() in lib/generator/run-from.ts reads it. An entry for each
 * field, because JSON.parse in a VU costs 12 KB, 5 of them for good.
 */
export function envOf(run: Run): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(run)) {
    if (value !== null && value !== false) env[`RUN_${name}`] = String(value);
  }
  return env;
}
