import type { Options } from 'k6/options';
import { capacityThresholds, restTargets, stepTargets } from '../../thresholds/for-capacity.ts';
import { churnTargets } from '../../thresholds/for-churn.ts';
import { reconnectTargets } from '../../thresholds/for-reconnect.ts';
import { tiersThresholds, tierTargets } from '../../thresholds/for-tiers.ts';
import { phaseThresholds, statusThresholds, thresholdsFor } from '../../thresholds/k6.ts';
import { holdTargets, memoryTarget, targetsFor } from '../../thresholds/targets.ts';
import type { Traits } from '../conversation/traits.ts';
import { capacityOptions } from '../plan/capacity.ts';
import { churnOptions, churnPlan } from '../plan/churn.ts';
import { concurrentOptions } from '../plan/concurrent.ts';
import { multiplexedOptions } from '../plan/multiplexed.ts';
import { reconnectOptions } from '../plan/reconnect.ts';
import type { ProcessShare } from '../plan/segment.ts';
import { stormSettings } from '../plan/storm.ts';
import { tiersOptions } from '../plan/tiers.ts';
import { readBaseline, type UsersFiles } from '../report/baseline.ts';
import { endOfCapacity } from '../report/end-of-capacity.ts';
import { endOfChurn } from '../report/end-of-churn.ts';
import { endOfReconnect } from '../report/end-of-reconnect.ts';
import { endOfStorm } from '../report/end-of-storm.ts';
import { endOfTest } from '../report/end-of-test.ts';
import { endOfTiers } from '../report/end-of-tiers.ts';
import type { Facts } from '../report/facts.ts';
import type { K6Data } from '../report/k6-data.ts';
import type { Target } from '../report/target.ts';
import type { Scenario, Settings } from '../settings/settings.ts';

/** What makes a scenario different from the others, apart from its transport. */
export interface Definition {
  options(settings: Settings, traits: Traits): Options;
  /** Connections on one VU. */
  perVu(settings: Settings): number;
  /**
   * What k6 writes at the end, by destination.
   *
   * @param shareOf - what this process has of so many connections.
   */
  end(facts: Facts, shareOf: (connections: number) => ProcessShare, data: K6Data): Record<string, string>;
}

/**
 * The scenarios. A new one needs a row here, its plan in lib/plan, its targets in thresholds, and a file in scenarios/.
 *
 * @param files - of the user's.
 */
export function definitionOf(scenario: Scenario, settings: Settings, files: UsersFiles): Definition {
  const baseline = scenario === 'storm' ? readBaseline(settings.compareWith, files) : null;
  const definitions: Record<Scenario, Definition> = {
    concurrent: {
      options: (own, traits) => concurrentOptions(own, traits, thresholdsFor(targetsFor(own, traits), traits)),
      perVu: () => 1,
      end: (facts, shareOf, data) =>
        endOfTest(
          'concurrent',
          facts,
          shareOf(facts.settings.connections),
          targetsFor(facts.settings, facts.traits),
          data,
        ),
    },
    multiplexed: {
      options: (own, traits) =>
        multiplexedOptions(own, traits, {
          ...thresholdsFor(multiplexedTargets(own, traits), traits),
          ...statusThresholds(),
          ...phaseThresholds(traits),
        }),
      perVu: ({ socketsPerVu }) => socketsPerVu,
      end: (facts, shareOf, data) =>
        endOfTest(
          'multiplexed',
          facts,
          shareOf(facts.settings.connections),
          multiplexedTargets(facts.settings, facts.traits),
          data,
        ),
    },
    tiers: {
      options: (own, traits) => tiersOptions(own, traits, tiersThresholds(own, traits)),
      perVu: ({ socketsPerVu }) => socketsPerVu,
      end: (facts, shareOf, data) => endOfTiers(facts, shareOf, tierTargets, data),
    },
    capacity: {
      options: (own, traits) => capacityOptions(own, traits, capacityThresholds(own, traits)),
      perVu: ({ socketsPerVu }) => socketsPerVu,
      end: (facts, shareOf, data) =>
        endOfCapacity(
          facts,
          shareOf(facts.settings.connections),
          {
            ofStep: (plan) => stepTargets(facts.settings, facts.traits, plan),
            rest: restTargets(facts.settings, facts.traits),
            memory: memoryTarget(facts.settings),
          },
          data,
        ),
    },
    storm: {
      options: (own, traits) =>
        concurrentOptions(stormSettings(own), traits, thresholdsFor(targetsFor(own, traits), traits)),
      perVu: () => 1,
      end: (facts, shareOf, data) =>
        endOfStorm(
          facts,
          shareOf(facts.settings.connections),
          targetsFor(facts.settings, facts.traits),
          baseline,
          data,
        ),
    },
    churn: {
      options: (own, traits) => churnOptions(own, traits, thresholdsFor(churnTargets(own, traits), traits)),
      perVu: () => 1,
      end: (facts, shareOf, data) =>
        endOfChurn(
          facts,
          shareOf(churnPlan(facts.settings).settings.connections),
          churnTargets(facts.settings, facts.traits),
          data,
        ),
    },
    reconnect: {
      options: (own, traits) =>
        reconnectOptions(own, traits, {
          ...thresholdsFor(reconnectTargets(own, traits), traits),
          ...statusThresholds(),
          ...phaseThresholds(traits),
        }),
      perVu: ({ socketsPerVu }) => socketsPerVu,
      end: (facts, shareOf, data) =>
        endOfReconnect(
          facts,
          shareOf(facts.settings.connections),
          reconnectTargets(facts.settings, facts.traits),
          data,
        ),
    },
  };
  return definitions[scenario];
}

/** As those of concurrent, and of the hold alone. */
function multiplexedTargets(settings: Settings, traits: Traits): Target[] {
  return [...targetsFor(settings, traits), ...holdTargets(settings, traits)];
}
