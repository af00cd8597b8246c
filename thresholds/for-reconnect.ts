import type { Traits } from '../lib/conversation/traits.ts';
import type { MetricName } from '../lib/metrics/names.ts';
import type { Target } from '../lib/report/target.ts';
import type { Settings } from '../lib/settings/settings.ts';
import { atLeast, balanceTargets, guideTargets, holdTargets, memoryTarget } from './targets.ts';
import { tierFor } from './tiers.ts';

/** Of single attempts and connections: a server that restarts fails many, whatever becomes of the clients. */
const OF_EACH_ATTEMPT: readonly string[] = ['ws_connect_success', 'ws_ready_success', 'ws_connections_held'];

/**
 * The targets of clients that come back: those of the guide, of clients where they were of connections; that all who were
 * dropped were back in time; that nobody is left behind. Availability has no default: how long the server is away is up
 * to who restarts it.
 */
export function reconnectTargets(settings: Settings, traits: Traits): Target[] {
  const { minConnectSuccess, minHeld, minAvailability, maxRecoveryMs } = settings;
  const connected = minConnectSuccess ?? tierFor(settings.connections).minConnectSuccess;
  const samples = 'ws_connect_attempts';
  return [
    atLeast('clients connected', 'ws_clients_connected', connected, { samples }),
    atLeast('clients up at the end', 'ws_clients_up', minHeld ?? connected, { samples }),
    {
      name: 'recovery',
      metric: 'ws_recovery_time',
      stat: 'max',
      operator: '<',
      limit: maxRecoveryMs,
      unit: 'ms',
      // Without a drop there is nothing to judge.
      samples: null,
    },
    ...(minAvailability === null ? [] : [availability(minAvailability)]),
    ...guideTargets(settings, traits).filter(({ metric }) => !OF_EACH_ATTEMPT.includes(metric)),
    ...holdTargets(settings, traits),
    memoryTarget(settings),
    ...balanceTargets(traits),
    none('clients not back in time', 'ws_outages_overdue'),
    none('clients that gave up', 'ws_clients_given_up'),
  ];

  function availability(limit: number): Target {
    return {
      name: 'availability',
      metric: 'ws_availability',
      stat: 'avg',
      operator: '>=',
      limit,
      unit: 'share',
      samples,
    };
  }

  function none(name: string, metric: MetricName): Target {
    return { name, metric, stat: 'count', operator: '==', limit: 0, unit: 'count', samples };
  }
}
