import type { Traits } from '../lib/conversation/traits.ts';
import { groupDigits } from '../lib/plan/format.ts';
import { type TierPlan, tierPlans } from '../lib/plan/tiers.ts';
import type { Target } from '../lib/report/target.ts';
import type { Settings } from '../lib/settings/settings.ts';
import { phaseThresholds, statusThresholds, type Thresholds, thresholdsFor } from './k6.ts';
import { partThresholds } from './parts.ts';
import { balanceTargets, guideTargets, holdTargets, memoryTarget } from './targets.ts';

/** The targets of one tier on its own samples: the guide's row, then the balance. */
export function tierTargets({ name, settings }: TierPlan, traits: Traits): Target[] {
  const selector = `{scenario:${name}}` as const;
  const memory = memoryTarget(settings);
  return [
    ...guideTargets(settings, traits, selector),
    ...holdTargets(settings, traits, selector),
    { ...memory, metric: `${memory.metric}{tier:${settings.connections}}` },
    ...balanceTargets(traits, selector),
  ].map((target) => ({ ...target, name: `${target.name} of ${groupDigits(settings.connections)}` }));
}

/** All tiers' targets as k6 thresholds, and what the books of each tier need. */
export function tiersThresholds(settings: Settings, traits: Traits): Thresholds {
  const plans = tierPlans(settings);
  const targets = plans.flatMap((plan) => tierTargets(plan, traits));
  const thresholds = { ...thresholdsFor(targets, traits), ...statusThresholds(), ...phaseThresholds(traits) };
  for (const { name } of plans) {
    const part = partThresholds(`scenario:${name}`, traits);
    for (const [metric, always] of Object.entries(part)) thresholds[metric] ??= always;
  }
  return thresholds;
}
