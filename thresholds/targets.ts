import type { Traits } from '../lib/conversation/traits.ts';
import type { MetricName } from '../lib/metrics/names.ts';
import { DELIVERY_TOLERANCE, type Target } from '../lib/report/target.ts';
import type { Settings } from '../lib/settings/settings.ts';
import { type Tier, tierFor } from './tiers.ts';

/** Sub-metric by tag, for the scenarios that judge parts of the run. */
export type Selector = `{${string}}` | '';

/** The targets of a run, in the order of the report: those of the guide, then the balance. */
export function targetsFor(settings: Settings, traits: Traits): Target[] {
  return [...guideTargets(settings, traits), memoryTarget(settings), ...balanceTargets(traits)];
}

/**
 * Success and times, from the tier or the user. The guide asks how many are established; a server that lets them go
 * again at once does not hold them, so the same share has to log in where there is a login, and of those to last to the
 * planned close.
 */
export function guideTargets(
  settings: Settings,
  traits: Traits,
  selector: Selector = '',
  connections = settings.connections,
): Target[] {
  const tier = tierFor(connections);
  const of = (metric: MetricName) => `${metric}${selector}`;
  const minConnectSuccess = settings.minConnectSuccess ?? tier.minConnectSuccess;
  const established = { samples: of('ws_connect_success') };
  const ready = traits.hasLogin ? { samples: of('ws_ready_success') } : established;
  return [
    atLeast('connect success', of('ws_connect_success'), minConnectSuccess, { samples: of('ws_connect_attempts') }),
    ...(traits.hasLogin
      ? [atLeast('logins', of('ws_ready_success'), settings.minReady ?? minConnectSuccess, established)]
      : []),
    atLeast('connections held', of('ws_connections_held'), settings.minHeld ?? minConnectSuccess, ready),
    ...messageTargets(settings, traits, tier, of),
    within('connect time', of('ws_connect_time'), settings.maxConnectTimeMs ?? tier.maxConnectTimeMs, established),
    within(
      'establish time',
      of('ws_establish_time'),
      settings.maxEstablishTimeMs ?? tier.maxEstablishTimeMs,
      established,
    ),
  ];
}

/**
 * Replies and deliveries, where the conversation has them. Of requests that wait for no reply nothing is claimed but that
 * they were sent: none at all is a failure.
 */
function messageTargets(
  settings: Settings,
  { kinds, awaits, hasReach }: Traits,
  { minMessageSuccess }: Tier,
  of: (metric: MetricName) => string,
): Target[] {
  const targets: Target[] = [];
  if (awaits) {
    const limit = settings.minMessageSuccess ?? minMessageSuccess;
    targets.push(atLeast('message success', of('ws_message_success'), limit, { samples: awaited(of, kinds) }));
    if (settings.maxRoundTripMs !== null) {
      // Of what was answered: that something was sent proves no round trip.
      targets.push(p95('round trip p95', of('ws_message_rtt'), settings.maxRoundTripMs, of('ws_message_success')));
    }
  } else if (kinds.length > 0) {
    targets.push({
      name: 'messages sent',
      metric: of('ws_messages_sent'),
      stat: 'count',
      operator: '>',
      limit: 0,
      unit: 'number',
      samples: of('ws_messages_sent'),
    });
  }
  if (hasReach) {
    targets.push(delivery(of('ws_delivery_success'), settings.minDelivery, of('ws_deliveries_expected')));
    if (settings.maxDeliveryTimeMs !== null) {
      targets.push(p95('delivery p95', of('ws_delivery_time'), settings.maxDeliveryTimeMs, of('ws_deliveries')));
    }
  }
  return targets;
}

/**
 * What came of the messages that were sent in the hold by itself, where ramp and close cannot make up for it; only for scenarios
 * whose samples carry the phase, and a hold in which each connection sends.
 */
export function holdTargets(settings: Settings, traits: Traits, selector: Selector = ''): Target[] {
  const { messageIntervalMs, holdMs } = settings;
  if (!traits.awaits || holdMs < messageIntervalMs) return [];
  const held = (metric: MetricName) => withTag(`${metric}${selector}`, 'phase:hold');
  const limit = settings.minMessageSuccess ?? tierFor(settings.connections).minMessageSuccess;
  return [
    atLeast('message success in the hold', held('ws_message_success'), limit, { samples: awaited(held, traits.kinds) }),
  ];
}

/** The count of requests that want a reply; where others want none a tag tells them apart (lib/connection/kinds.ts). */
function awaited(of: (metric: MetricName) => string, kinds: Traits['kinds']): string {
  const sent = of('ws_messages_sent');
  return kinds.every(({ awaits }) => awaits) ? sent : withTag(sent, 'awaits:true');
}

/** Of a metric, or a part of it, the samples that have this tag as well. */
function withTag(metric: string, tag: string): string {
  return metric.endsWith('}') ? metric.replace('}', `,${tag}}`) : `${metric}{${tag}}`;
}

/** Peak memory of k6; not judged where k6 does not tell it. */
export function memoryTarget(settings: Settings, connections = settings.connections): Target {
  return {
    name: 'generator memory',
    metric: 'generator_memory',
    stat: 'value',
    operator: '<',
    limit: settings.maxMemoryBytes ?? tierFor(connections).maxMemoryBytes,
    unit: 'bytes',
    samples: null,
  };
}

/** What must be 0 at the end, or something was planned or begun and has no known outcome, or a script was broken. */
export function balanceTargets({ hasLogin, awaits }: Traits, selector: Selector = ''): Target[] {
  const zero = (name: string, metric: MetricName): Target => ({
    name,
    metric: `${metric}${selector}`,
    stat: 'count',
    operator: '==',
    limit: 0,
    unit: 'count',
    samples: `ws_connect_attempts${selector}`,
  });
  return [
    zero('never attempted', 'ws_connects_unattempted'),
    zero('connects pending', 'ws_connects_pending'),
    zero('connections open', 'ws_connections_open'),
    ...(hasLogin ? [zero('logins pending', 'ws_ready_pending')] : []),
    ...(awaits ? [zero('messages pending', 'ws_messages_pending')] : []),
    zero('script errors', 'ws_script_errors'),
  ];
}

/** "More than", as the guide has it; all of them when all are asked for. */
export function atLeast(name: string, metric: string, limit: number, rest: Pick<Target, 'samples'>): Target {
  return {
    name,
    metric,
    stat: 'rate',
    operator: limit >= 1 || limit === 0 ? '>=' : '>',
    limit,
    unit: 'share',
    ...rest,
  };
}

function within(name: string, metric: string, limit: number, rest: Pick<Target, 'samples'>): Target {
  return { name, metric, stat: 'max', operator: '<', limit, unit: 'ms', ...rest };
}

function p95(name: string, metric: string, limit: number, samples: string): Target {
  return { name, metric, stat: 'p(95)', operator: '<', limit, unit: 'ms', samples };
}

/** The metric's rate is d / (d + e) of d deliveries where e were expected: a share of s delivered is s / (1 + s). */
function delivery(metric: string, share: number, samples: string): Target {
  const limit = Math.max(0, share - DELIVERY_TOLERANCE);
  return {
    name: 'deliveries',
    metric,
    stat: 'rate',
    operator: '>=',
    limit: Number((limit / (1 + limit)).toFixed(7)),
    deliveryShare: share,
    unit: 'share',
    samples,
  };
}
