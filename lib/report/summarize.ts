import { readCheckName } from '../metrics/words.ts';
import { lastWaitMs, planOf } from '../plan/plan.ts';
import type { ProcessShare } from '../plan/segment.ts';
import { publicUrl } from '../settings/url.ts';
import { accountOf } from './account.ts';
import { ageHints } from './ages.ts';
import { besideMs, besideOf, hostLimits } from './beside.ts';
import type { Facts } from './facts.ts';
import { generatorLimits } from './generator.ts';
import { judge } from './judge.ts';
import { checksOf, type K6Data, wordsOf } from './k6-data.ts';
import { latencyOf } from './latency.ts';
import { withStatuses } from './statuses.ts';
import { SCHEMA_VERSION, type Summary } from './summary.ts';
import type { Target } from './target.ts';
import { unproved } from './unproved.ts';

const HELD_ROUND_TRIPS = 'ws_message_rtt{phase:hold}';

/**
 * Everything the report says, from what k6 measured.
 *
 * @param totalMs - planned length of the run.
 */
export function summarize(
  scenario: string,
  { settings, traits, unused, ignored, proxies, users, endedAt, versions }: Facts,
  share: ProcessShare,
  targets: readonly Target[],
  data: K6Data,
  totalMs = planOf(settings).totalMs,
): Summary {
  const durationMs = Math.round(data.state?.testRunDurationMs ?? 0);
  const account = accountOf(data, share.connections, traits, share.segment === null);
  const results = judge(targets, data);
  const lagMs = latencyOf(data, 'generator_lag');
  const busy = latencyOf(data, 'generator_busy');
  const memory = data.metrics['generator_memory']?.values['value'] ?? 0;
  const byTarget = wordsOf(data, 'target');
  const unseen = unproved(account, wordsOf(data, 'turn'));
  // On the way through a proxy it would be the proxy's.
  const byAddress = proxies.some((proxy) => proxy !== null) ? {} : wordsOf(data, 'address');
  const beside = besideOf(data, settings, account, share.segment === null);
  const lateMs = durationMs - totalMs - besideMs(beside);
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
      conversation: settings.conversation,
      users,
      readyTimeoutMs: settings.readyTimeoutMs,
      messageIntervalMs: settings.messageIntervalMs,
      messageTimeoutMs: settings.messageTimeoutMs,
      messageSize: settings.messageSize,
      handshakeTimeoutMs: settings.handshakeTimeoutMs,
      totalMs,
      ...(unused.length > 0 && { unusedSettings: unused }),
      ...(proxies.some((proxy) => proxy !== null) && { proxies }),
      ...(ignored.length > 0 && { ignoredNames: ignored }),
    },
    ...(endedAt !== undefined && { endedAt }),
    ...(versions && { versions }),
    durationMs,
    targets: results,
    connections: account.connections,
    messages: account.messages,
    pushes: account.pushes,
    deliveries: account.deliveries,
    details: withStatuses(wordsOf(data, 'detail'), account.statuses),
    scriptErrors: wordsOf(data, 'script error'),
    unexpectedFrames: wordsOf(data, 'frame'),
    ...(Object.keys(byTarget).length > 0 && { byTarget }),
    ...(Object.keys(byAddress).length > 0 && { byAddress }),
    hints: ageHints(wordsOf(data, 'age')),
    ...(unseen.length > 0 && { unproved: unseen }),
    checks: ownChecks(data),
    latencyMs: {
      connect: latencyOf(data, 'ws_connect_time'),
      establish: latencyOf(data, 'ws_establish_time'),
      ready: latencyOf(data, 'ws_ready_time'),
      roundTrip: latencyOf(data, 'ws_message_rtt'),
      response: latencyOf(data, 'ws_message_response_time'),
      firstReply: latencyOf(data, 'ws_message_first_reply'),
      delivery: latencyOf(data, 'ws_delivery_time'),
      ...(data.metrics[HELD_ROUND_TRIPS] && { roundTripInHold: latencyOf(data, HELD_ROUND_TRIPS) }),
    },
    generator: {
      memoryBytes: memory > 0 ? memory : null,
      lagMs,
      busy,
      limits: [
        ...generatorLimits(account, lagMs, busy, results, lateMs - lastWaitMs(settings, traits)),
        ...hostLimits(beside.host),
      ],
    },
    ...beside,
    balanced: account.balanced,
    differences: account.differences,
  };
}

/** Checks that are not ours: the conversation's own. */
function ownChecks(data: K6Data): Summary['checks'] {
  const checks = checksOf(data).filter(({ name }) => readCheckName(name) === null);
  return Object.fromEntries(checks.map(({ name, passes, fails }) => [name, { passes, fails }]));
}
