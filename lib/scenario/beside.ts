import type { Options } from 'k6/options';
import { besideThresholds } from '../../thresholds/beside.ts';
import { besideReader } from '../generator/beside.ts';
import { besideParts } from '../generator/watch.ts';
import { exec, sleep } from '../k6.ts';
import { besidePlan, besideScenario, plannedMs } from '../plan/beside.ts';
import { shareOf } from '../plan/segment.ts';
import type { Scenario, Settings } from '../settings/settings.ts';

/** For the target to notice the last closes, in seconds. */
const SETTLE_S = 1;

/** What is done in VU 0 to read target and host: a k6 scenario of its own, and what they are before and after it. */
export function besideTheRun(scenario: Scenario, settings: Settings) {
  const { targetMetrics, hostMetrics } = settings;
  if (targetMetrics.length === 0 && hostMetrics === null) {
    return { withBeside: (options: Options) => options, before: () => undefined, after: () => undefined };
  }
  const parts = besideParts({ target: targetMetrics.length > 0, host: hostMetrics !== null });
  // k6 keeps checks of setup and teardown elsewhere; the VU that watches says the same.
  const read = besideReader({ ...parts, say: () => undefined }, targetMetrics, hostMetrics);
  // One process of several reads.
  const reads = () => shareOf(exec.test.options, 1, 1).connections > 0;
  return {
    withBeside: (options: Options): Options => ({
      ...options,
      scenarios: { ...options.scenarios, beside: besideScenario(besidePlan(scenario, settings, plannedMs(options))) },
      thresholds: { ...options.thresholds, ...besideThresholds(settings) },
    }),
    before: () => (reads() ? read('before', null) : undefined),
    after() {
      if (!reads()) return undefined;
      sleep(SETTLE_S);
      return read('after', null);
    },
  };
}
