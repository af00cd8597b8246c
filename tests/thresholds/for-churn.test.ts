import { expect, it } from 'vitest';
import { parseSettings } from '../../lib/settings/parse.ts';
import { churnTargets } from '../../thresholds/for-churn.ts';
import { CHAT } from '../lib/some-traits.ts';

it('a churn has no target that it has no moment for: all established, deliveries', () => {
  const metrics = churnTargets(parseSettings({}), CHAT).map(({ metric }) => metric);
  expect(metrics).toEqual(expect.arrayContaining(['ws_message_success', 'ws_ready_success', 'dropped_iterations']));
  expect(metrics.filter((metric) => /^ws_(establish|deliver)/.test(metric))).toEqual([]);
});
