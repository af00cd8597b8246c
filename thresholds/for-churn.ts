import type { Traits } from '../lib/conversation/traits.ts';
import { churnPlan, ENOUGH_ARRIVALS } from '../lib/plan/churn.ts';
import type { Target } from '../lib/report/target.ts';
import type { Settings } from '../lib/settings/settings.ts';
import { balanceTargets, guideTargets, memoryTarget } from './targets.ts';

/**
 * The targets of a churn: those of the guide for as many connections as live at a time, without the time to establish
 * all and deliveries (there is no moment when all are up), and not one that k6 could not begin when its turn came. Where
 * k6 itself stood still it passes over turns without a word: those are never attempted. It may do so with the last one.
 */
export function churnTargets(settings: Settings, traits: Traits): Target[] {
  const { concurrent, settings: plan } = churnPlan(settings);
  const mostNeverAttempted = Math.max(1, Math.floor(plan.connections * (1 - ENOUGH_ARRIVALS)));
  return [
    ...guideTargets(settings, { ...traits, hasReach: false }, '', concurrent).filter(
      ({ metric }) => metric !== 'ws_establish_time',
    ),
    memoryTarget(settings, concurrent),
    {
      name: 'dropped iterations',
      metric: 'dropped_iterations',
      stat: 'count',
      operator: '==',
      limit: 0,
      unit: 'count',
      samples: 'ws_connect_attempts',
    },
    ...balanceTargets(traits).map((target): Target => {
      if (target.metric !== 'ws_connects_unattempted') return target;
      return { ...target, operator: '<', limit: mostNeverAttempted + 1 };
    }),
  ];
}
