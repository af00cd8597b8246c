import type { MetricName } from '../lib/metrics/names.ts';
import { protocolOf } from '../lib/protocol/choose.ts';
import type { Target } from '../lib/report/target.ts';
import type { Settings } from '../lib/settings/settings.ts';
import { tierFor } from './tiers.ts';

/** Sub-metric by tag, for the scenarios that judge parts of the run. */
export type Selector = `{${string}}` | '';

/** The targets of a run, in the order of the report: those of the guide, then the balance. */
export function targetsFor(settings: Settings): Target[] {
  return [...guideTargets(settings), memoryTarget(settings), ...balanceTargets()];
}

/**
 * Success and times, from the tier or the user. The guide asks how many are established; a server that lets them go
 * again at once does not hold them, so the same share of the established ones has to last to the planned close.
 */
export function guideTargets(
  settings: Settings,
  selector: Selector = '',
  connections = settings.connections,
): Target[] {
  const tier = tierFor(connections);
  const protocol = protocolOf(settings.protocol);
  const of = (metric: MetricName) => `${metric}${selector}`;
  const minConnectSuccess = settings.minConnectSuccess ?? tier.minConnectSuccess;
  const targets: Target[] = [
    atLeast('connect success', of('ws_connect_success'), minConnectSuccess, {
      samples: of('ws_connect_attempts'),
    }),
    atLeast('connections held', of('ws_connections_held'), settings.minHeld ?? minConnectSuccess, {
      samples: of('ws_connect_success'),
    }),
  ];
  if (protocol.sends) {
    targets.push(
      atLeast('message success', of('ws_message_success'), settings.minMessageSuccess ?? tier.minMessageSuccess, {
        samples: of('ws_messages_sent'),
      }),
    );
  }
  targets.push(
    within('connect time', of('ws_connect_time'), settings.maxConnectTimeMs ?? tier.maxConnectTimeMs, {
      samples: of('ws_connect_success'),
    }),
    within('establish time', of('ws_establish_time'), settings.maxEstablishTimeMs ?? tier.maxEstablishTimeMs, {
      samples: of('ws_connect_success'),
    }),
  );
  return targets;
}

/**
 * The messages of the hold by themselves, where ramp and close cannot make up for them; only for scenarios whose samples
 * carry the phase, and a hold in which each connection sends.
 */
export function holdTargets(settings: Settings, selector: Selector = ''): Target[] {
  if (!protocolOf(settings.protocol).sends || settings.holdMs < settings.messageIntervalMs) return [];
  const held = selector === '' ? '{phase:hold}' : selector.replace('}', ',phase:hold}');
  const limit = settings.minMessageSuccess ?? tierFor(settings.connections).minMessageSuccess;
  return [
    atLeast('message success in the hold', `ws_message_success${held}`, limit, { samples: `ws_messages_sent${held}` }),
  ];
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

/** What must be back at 0 at the end, or something was planned or begun and has no known outcome. */
export function balanceTargets(selector: Selector = ''): Target[] {
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
    zero('messages pending', 'ws_messages_pending'),
  ];
}

/** "More than", as the guide has it; all of them when all are asked for. */
function atLeast(name: string, metric: string, limit: number, rest: Pick<Target, 'samples'>): Target {
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
