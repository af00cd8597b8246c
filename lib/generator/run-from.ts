import type { Run, RunEnv } from '../plan/run.ts';

/** The run out of the environment of its k6 scenario (envOf in lib/plan/run.ts); null without one. */
export function runFrom(env: RunEnv): Run | null {
  if (!env.RUN_connections) return null;
  // A plus sign makes a number as Number() does, and leaves nothing behind in the VU.
  return {
    url: env.RUN_url ?? null,
    subprotocol: env.RUN_subprotocol ?? null,
    compression: env.RUN_compression === 'true',
    handshakeTimeoutMs: +(env.RUN_handshakeTimeoutMs as string),
    protocol: env.RUN_protocol as Run['protocol'],
    messageIntervalMs: +(env.RUN_messageIntervalMs as string),
    messageTimeoutMs: +(env.RUN_messageTimeoutMs as string),
    messageSize: +(env.RUN_messageSize as string),
    connections: +env.RUN_connections,
    batchSize: +(env.RUN_batchSize as string),
    batchDelayMs: +(env.RUN_batchDelayMs as string),
    generatorAddress: env.RUN_generatorAddress as string,
    sends: env.RUN_sends === 'true',
    awaitsReply: env.RUN_awaitsReply === 'true',
    padding: env.RUN_padding as string,
    closeMs: +(env.RUN_closeMs as string),
    rampMs: +(env.RUN_rampMs as string),
    totalMs: +(env.RUN_totalMs as string),
    sampleShare: +(env.RUN_sampleShare as string),
    perVu: +(env.RUN_perVu as string),
    sendStepMs: +(env.RUN_sendStepMs as string),
    arrives: env.RUN_arrives === 'true',
  };
}
