import type { Run, RunEnv } from '../plan/run.ts';

/** The run out of the environment of its k6 scenario (envOf in lib/plan/run.ts); null without one. */
export function runFrom(env: RunEnv): Run | null {
  if (!env.RUN_connections) return null;
  // A plus sign makes a number as Number() does, and leaves nothing behind in the VU.
  return {
    url: env.RUN_url ?? null,
    compression: env.RUN_compression === 'true',
    handshakeTimeoutMs: +(env.RUN_handshakeTimeoutMs as string),
    readyTimeoutMs: +(env.RUN_readyTimeoutMs as string),
    messageIntervalMs: +(env.RUN_messageIntervalMs as string),
    messageTimeoutMs: +(env.RUN_messageTimeoutMs as string),
    messageSize: +(env.RUN_messageSize as string),
    connections: +env.RUN_connections,
    batchSize: +(env.RUN_batchSize as string),
    batchDelayMs: +(env.RUN_batchDelayMs as string),
    generatorAddress: env.RUN_generatorAddress as string,
    trace: +(env.RUN_trace as string),
    padding: env.RUN_padding ?? '',
    closeMs: +(env.RUN_closeMs as string),
    rampMs: +(env.RUN_rampMs as string),
    totalMs: +(env.RUN_totalMs as string),
    countFromMs: +(env.RUN_countFromMs as string),
    countToMs: +(env.RUN_countToMs as string),
    sampleShare: +(env.RUN_sampleShare as string),
    lagStep: +(env.RUN_lagStep as string),
    perVu: +(env.RUN_perVu as string),
    sendStepMs: +(env.RUN_sendStepMs as string),
    beatMs: +(env.RUN_beatMs as string),
    arrives: env.RUN_arrives === 'true',
    // To parse takes 12 KB, where there are steps.
    steps: env.RUN_steps === undefined ? null : JSON.parse(env.RUN_steps),
  };
}
