import { describe, expect, it } from 'vitest';
import { churnOptions } from '../../../lib/plan/churn.ts';
import { concurrentOptions } from '../../../lib/plan/concurrent.ts';
import { multiplexedOptions } from '../../../lib/plan/multiplexed.ts';
import { stormSettings } from '../../../lib/plan/storm.ts';
import { tiersOptions } from '../../../lib/plan/tiers.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { PROTOCOLS, SCENARIOS, type Scenario, type Settings } from '../../../lib/settings/settings.ts';
import { settingsTable } from '../../../lib/settings/table.ts';
import { churnTargets } from '../../../thresholds/for-churn.ts';
import { tiersThresholds } from '../../../thresholds/for-tiers.ts';
import { thresholdsFor } from '../../../thresholds/k6.ts';
import { targetsFor } from '../../../thresholds/targets.ts';

/** All that k6 is told to do and to judge. */
const OPTIONS: Record<Scenario, (settings: Settings) => unknown> = {
  concurrent: (settings) => concurrentOptions(settings, thresholdsFor(targetsFor(settings))),
  multiplexed: (settings) => multiplexedOptions(settings, thresholdsFor(targetsFor(settings))),
  storm: (settings) => concurrentOptions(stormSettings(settings), thresholdsFor(targetsFor(settings))),
  tiers: (settings) => tiersOptions(settings, tiersThresholds(settings)),
  churn: (settings) => churnOptions(settings, thresholdsFor(churnTargets(settings))),
};

/** A value other than the default, for each setting that k6's options are made of. */
const OTHER: Record<string, string> = {
  WS_PROFILE: 'production',
  WS_CONNECTIONS: '77',
  WS_BATCH_SIZE: '33',
  WS_BATCH_DELAY: '70ms',
  WS_HOLD: '7m',
  WS_SOCKETS_PER_VU: '7',
  WS_MIN_MESSAGE_SUCCESS: '0.77',
  WS_MAX_ESTABLISH_TIME: '7s',
  WS_TIERS: '77,777',
  WS_TIER_HOLD: '7s',
  WS_TIER_PAUSE: '7s',
  WS_RATE: '7',
  WS_LIFETIME: '7s',
  WS_CHURN: '7s',
};

/** Only its report uses them: in the advice. */
const IN_REPORT = ['storm WS_BATCH_SIZE', 'storm WS_BATCH_DELAY'];

describe.each(SCENARIOS)('%s', (scenario) => {
  const told = (env: Record<string, string>) => JSON.stringify(OPTIONS[scenario](parseSettings(env)));

  it.each(Object.entries(OTHER))(
    'calls %s=%s unused if it changes nothing of what k6 does, and else not',
    (name, value) => {
      if (IN_REPORT.includes(`${scenario} ${name}`)) return;
      const changesNothing = told({ [name]: value }) === told({});
      expect(parseSettings({ [name]: value }, scenario).unused).toEqual(changesNothing ? [name] : []);
    },
  );
});

it('settings that mean nothing are those of other scenarios and protocols, and only if they were given', () => {
  const all = Object.fromEntries(settingsTable().map(({ name, example }) => [name, example]));
  const unused = (scenario: Scenario, protocol = 'echo') =>
    parseSettings({ ...all, WS_PROTOCOL: protocol }, scenario).unused.join(' ');
  expect(unused('concurrent')).toBe(
    'WS_SOCKETS_PER_VU WS_TIERS WS_TIER_HOLD WS_TIER_PAUSE WS_RATE WS_LIFETIME WS_CHURN WS_COMPARE_WITH',
  );
  expect(unused('storm', 'listen')).toBe(
    'WS_MESSAGE_INTERVAL WS_MESSAGE_TIMEOUT WS_MESSAGE_SIZE WS_SOCKETS_PER_VU WS_MIN_MESSAGE_SUCCESS WS_TIERS WS_TIER_HOLD WS_TIER_PAUSE WS_RATE WS_LIFETIME WS_CHURN',
  );
  expect(unused('churn', 'send-only')).toBe(
    'WS_PROFILE WS_CONNECTIONS WS_BATCH_SIZE WS_BATCH_DELAY WS_HOLD WS_MESSAGE_TIMEOUT WS_SOCKETS_PER_VU WS_MAX_ESTABLISH_TIME WS_TIERS WS_TIER_HOLD WS_TIER_PAUSE WS_COMPARE_WITH',
  );
  for (const protocol of PROTOCOLS) {
    expect(parseSettings({ WS_PROTOCOL: protocol, WS_HOLD: ' ', WS_RATE: '' }, 'tiers').unused).toEqual([]);
  }
});
