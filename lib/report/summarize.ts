import { planOf } from '../plan/plan.ts';
import type { ProcessShare } from '../plan/segment.ts';
import type { Settings } from '../settings/settings.ts';
import { publicUrl } from '../settings/url.ts';
import { accountOf } from './account.ts';
import { generatorLimits } from './generator.ts';
import { judge } from './judge.ts';
import type { K6Data } from './k6-data.ts';
import { withStatuses } from './statuses.ts';
import { type Latency, SCHEMA_VERSION, type Summary } from './summary.ts';
import type { Target } from './target.ts';

const HELD_ROUND_TRIPS = 'ws_message_rtt{phase:hold}';

/** Everything the report says, from what k6 measured. */
export function summarize(
  scenario: string,
  settings: Settings,
  share: ProcessShare,
  targets: readonly Target[],
  data: K6Data,
): Summary {
  const account = accountOf(data, share.connections);
  const results = judge(targets, data);
  const lagMs = latency(data, 'generator_lag');
  const memory = data.metrics['generator_memory']?.values['value'] ?? 0;
  const failed = results.some((target) => target.pass === false) || !account.balanced;
  return {
    schemaVersion: SCHEMA_VERSION,
    verdict: failed ? 'fail' : 'pass',
    scenario,
    plan: {
      urls: settings.urls.map(publicUrl),
      profile: settings.profile,
      connections: settings.connections,
      share: share.connections,
      segment: share.segment,
      batchSize: settings.batchSize,
      batchDelayMs: settings.batchDelayMs,
      holdMs: settings.holdMs,
      protocol: settings.protocol,
      messageIntervalMs: settings.messageIntervalMs,
      messageTimeoutMs: settings.messageTimeoutMs,
      messageSize: settings.messageSize,
      handshakeTimeoutMs: settings.handshakeTimeoutMs,
      totalMs: planOf(settings).totalMs,
      ...(settings.unused.length > 0 && { unusedSettings: settings.unused }),
    },
    durationMs: Math.round(data.state?.testRunDurationMs ?? 0),
    targets: results,
    connections: account.connections,
    messages: account.messages,
    details: withStatuses(detailsOf(data), account.statuses),
    latencyMs: {
      connect: latency(data, 'ws_connect_time'),
      establish: latency(data, 'ws_establish_time'),
      roundTrip: latency(data, 'ws_message_rtt'),
      response: latency(data, 'ws_message_response_time'),
      ...(data.metrics[HELD_ROUND_TRIPS] && { roundTripInHold: latency(data, HELD_ROUND_TRIPS) }),
    },
    generator: {
      memoryBytes: memory > 0 ? memory : null,
      lagMs,
      limits: generatorLimits(account, lagMs, results),
    },
    balanced: account.balanced,
    differences: account.differences,
  };
}

/** A Trend's figures, or null if it has no samples. */
function latency(data: K6Data, metric: string): Latency | null {
  const values = data.metrics[metric]?.values;
  if (!values?.['count']) return null;
  const of = (stat: string) => Number((values[stat] ?? 0).toFixed(3));
  return {
    count: values['count'],
    avg: of('avg'),
    min: of('min'),
    med: of('med'),
    p90: of('p(90)'),
    p95: of('p(95)'),
    p99: of('p(99)'),
    max: of('max'),
  };
}

/** The failed checks of countDetail(), by text. */
function detailsOf(data: K6Data): Record<string, number> {
  const details: Record<string, number> = {};
  for (const check of data.root_group?.checks ?? []) details[check.name] = check.fails;
  return details;
}
