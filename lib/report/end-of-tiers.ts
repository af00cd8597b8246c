import type { Traits } from '../conversation/traits.ts';
import type { ProcessShare } from '../plan/segment.ts';
import { describeTiers, type TierPlan, tierPlans, tiersMs } from '../plan/tiers.ts';
import { accountOf } from './account.ts';
import { withConnections } from './beside.ts';
import type { Facts } from './facts.ts';
import { filesOf } from './files.ts';
import { judge } from './judge.ts';
import { figure, type K6Data } from './k6-data.ts';
import { partOf } from './part.ts';
import { summarize } from './summarize.ts';
import type { Summary, TierResult } from './summary.ts';
import type { Target } from './target.ts';
import { tierSections } from './tiers-text.ts';

/**
 * What k6 writes at the end of the tiers: one summary over all of them, and each by itself.
 *
 * @param shareOfTier - what this process has of a tier of so many connections.
 * @param targetsOf - the targets of one tier.
 */
export function endOfTiers(
  facts: Facts,
  shareOfTier: (connections: number) => ProcessShare,
  targetsOf: (tier: TierPlan, traits: Traits) => Target[],
  data: K6Data,
): Record<string, string> {
  const { settings } = facts;
  const summary = tiersSummary(facts, shareOfTier, targetsOf, data);
  return filesOf(summary, describeTiers(settings), settings.resultsDir, data, (color) => ({
    sections: tierSections(summary, summary.tiers, color),
  }));
}

/** As endOfTiers() writes it. */
export function tiersSummary(
  facts: Facts,
  shareOfTier: (connections: number) => ProcessShare,
  targetsOf: (tier: TierPlan, traits: Traits) => Target[],
  data: K6Data,
): Summary & { tiers: TierResult[] } {
  const { settings, traits } = facts;
  const plans = tierPlans(settings);
  const tiers = plans.map((plan) => {
    const { connections } = plan.settings;
    const share = shareOfTier(connections);
    const part = partOf(data, `scenario:${plan.name}`);
    const { statuses: _statuses, ...books } = accountOf(part, share.connections, traits, share.segment === null);
    const memory = figure(data, `generator_memory{tier:${connections}}`, 'value');
    return {
      tier: connections,
      targets: judge(targetsOf(plan, traits), data),
      memoryBytes: memory > 0 ? memory : null,
      ...books,
    };
  });
  const add = (count: (tier: (typeof tiers)[number]) => number) =>
    tiers.reduce((total, tier) => total + count(tier), 0);
  const whole = summarize(
    'tiers',
    { ...facts, settings: { ...settings, connections: add(({ tier }) => tier), holdMs: settings.tierHoldMs } },
    { ...shareOfTier(1), connections: add(({ connections }) => connections.planned) },
    plans.flatMap((plan) => targetsOf(plan, traits)),
    data,
    tiersMs(plans),
  );
  const balanced = whole.balanced && tiers.every((tier) => tier.balanced);
  return {
    ...whole,
    verdict: balanced ? whole.verdict : 'fail',
    ...(whole.target && {
      target: withConnections(
        whole.target,
        Math.max(...tiers.map(({ connections }) => connections.established)),
        settings.urls.length,
        whole.plan.segment === null,
      ),
    }),
    balanced,
    tiers,
  };
}
