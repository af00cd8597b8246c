import { expect, it } from 'vitest';
import { describeCapacity } from '../../../lib/plan/capacity.ts';
import { describeChurn } from '../../../lib/plan/churn.ts';
import { describePlan } from '../../../lib/plan/plan.ts';
import { describeTiers } from '../../../lib/plan/tiers.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { ECHO } from '../some-traits.ts';

it('the plan of each scenario names the first of many targets, and no more', () => {
  const WS_URL = Array.from({ length: 200 }, (_, i) => `ws://h${i + 1}/?token=hunter2`).join();
  const settings = parseSettings({ WS_URL });
  const told = [
    describePlan(settings),
    describeTiers(settings),
    describeChurn(settings, ECHO),
    describeCapacity(settings, ECHO),
  ];
  for (const sentence of told) {
    expect(sentence).toContain(' to ws://h1/?…, ws://h2/?…, ws://h3/?… and 197 more ');
    expect(sentence).not.toContain('h4/');
  }
});
