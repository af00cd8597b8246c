import { expect, it } from 'vitest';
import { capacityPlan } from '../../../lib/plan/capacity.ts';
import { tierPlans } from '../../../lib/plan/tiers.ts';
import { judge } from '../../../lib/report/judge.ts';
import { hasLogin } from '../../../lib/report/login.ts';
import type { Target } from '../../../lib/report/target.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { restTargets, stepTargets } from '../../../thresholds/for-capacity.ts';
import { churnTargets } from '../../../thresholds/for-churn.ts';
import { reconnectTargets } from '../../../thresholds/for-reconnect.ts';
import { tierTargets } from '../../../thresholds/for-tiers.ts';
import { targetsFor } from '../../../thresholds/targets.ts';
import { CHAT, ECHO } from '../some-traits.ts';
import { aSummary } from './a-summary.ts';
import { k6DataOf } from './k6-data-of.ts';

it('finds the login of a conversation among the targets of each scenario', () => {
  const settings = parseSettings({ WS_PROFILE: 'development' });
  const [tier] = tierPlans(settings);
  const [step] = capacityPlan(settings, CHAT).plans;
  if (!tier || !step) throw new Error('no tier, or no step');
  const all = (traits: typeof CHAT) => [
    targetsFor(settings, traits),
    tierTargets(tier, traits),
    [...stepTargets(settings, traits, step), ...restTargets(settings, traits)],
    churnTargets(settings, traits),
    reconnectTargets(settings, traits),
  ];
  const { connections } = aSummary();
  const withLogin = (targets: readonly Target[]) => hasLogin({ connections, targets: judge(targets, k6DataOf({})) });
  expect(all(CHAT).map(withLogin)).toEqual([true, true, true, true, true]);
  expect(all(ECHO).map(withLogin)).toEqual([false, false, false, false, false]);
});
