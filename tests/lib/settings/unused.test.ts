import { describe, expect, it } from 'vitest';
import type { Traits } from '../../../lib/conversation/traits.ts';
import { capacityOptions } from '../../../lib/plan/capacity.ts';
import { churnOptions } from '../../../lib/plan/churn.ts';
import { concurrentOptions } from '../../../lib/plan/concurrent.ts';
import { multiplexedOptions } from '../../../lib/plan/multiplexed.ts';
import { reconnectOptions } from '../../../lib/plan/reconnect.ts';
import { stormSettings } from '../../../lib/plan/storm.ts';
import { tiersOptions } from '../../../lib/plan/tiers.ts';
import { needsOf } from '../../../lib/scenario/needs.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { SCENARIOS, type Scenario, type Settings } from '../../../lib/settings/settings.ts';
import { type Need, settingsTable } from '../../../lib/settings/table.ts';
import { unusedNames } from '../../../lib/settings/unused.ts';
import { capacityThresholds } from '../../../thresholds/for-capacity.ts';
import { churnTargets } from '../../../thresholds/for-churn.ts';
import { reconnectTargets } from '../../../thresholds/for-reconnect.ts';
import { tiersThresholds } from '../../../thresholds/for-tiers.ts';
import { thresholdsFor } from '../../../thresholds/k6.ts';
import { targetsFor } from '../../../thresholds/targets.ts';
import { CHAT, ECHO, LISTEN, SEND_ONLY } from '../some-traits.ts';

/** All that k6 is told to do and to judge. */
const OPTIONS: Record<Scenario, (settings: Settings, traits: Traits) => unknown> = {
  concurrent: (settings, traits) =>
    concurrentOptions(settings, traits, thresholdsFor(targetsFor(settings, traits), traits)),
  multiplexed: (settings, traits) =>
    multiplexedOptions(settings, traits, thresholdsFor(targetsFor(settings, traits), traits)),
  storm: (settings, traits) =>
    concurrentOptions(stormSettings(settings), traits, thresholdsFor(targetsFor(settings, traits), traits)),
  tiers: (settings, traits) => tiersOptions(settings, traits, tiersThresholds(settings, traits)),
  capacity: (settings, traits) => capacityOptions(settings, traits, capacityThresholds(settings, traits)),
  churn: (settings, traits) => churnOptions(settings, traits, thresholdsFor(churnTargets(settings, traits), traits)),
  reconnect: (settings, traits) =>
    reconnectOptions(settings, traits, thresholdsFor(reconnectTargets(settings, traits), traits)),
};

/** A value other than the default, for each setting that k6's options are made of. */
const OTHER: Record<string, string> = {
  WS_PROFILE: 'production',
  WS_CONNECTIONS: '77',
  WS_BATCH_SIZE: '33',
  WS_BATCH_DELAY: '70ms',
  WS_HOLD: '7m',
  WS_SOCKETS_PER_VU: '7',
  WS_MIN_READY: '0.77',
  WS_MIN_MESSAGE_SUCCESS: '0.77',
  WS_MAX_ROUND_TRIP: '7s',
  WS_MIN_DELIVERY: '0.77',
  WS_MAX_DELIVERY_TIME: '7s',
  WS_MAX_ESTABLISH_TIME: '7s',
  WS_TIERS: '77,777',
  WS_TIER_HOLD: '7s',
  WS_TIER_PAUSE: '7s',
  WS_STEP: '777',
  WS_STEP_HOLD: '7s',
  WS_RATE: '7',
  WS_LIFETIME: '7s',
  WS_CHURN: '7s',
  WS_BACKOFF: '7s..77s',
  WS_JITTER: 'none',
  WS_MAX_ATTEMPTS: '7',
  WS_MAX_RECOVERY: '7s',
  WS_MIN_AVAILABILITY: '0.77',
};

/** Only its report uses them: in the advice. */
const IN_REPORT = ['storm WS_BATCH_SIZE', 'storm WS_BATCH_DELAY'];

const has = (traits: Traits, scenario: Scenario) => (need: Need) => needsOf(traits, scenario, 'chat.ts')[need];

describe.each(SCENARIOS)('%s', (scenario) => {
  describe.each<[string, Traits]>([
    ['echo', ECHO],
    ['listen', LISTEN],
    ['a chat', CHAT],
  ])('with %s', (_, traits) => {
    const told = (env: Record<string, string>) => JSON.stringify(OPTIONS[scenario](parseSettings(env), traits));

    it.each(Object.entries(OTHER))(
      'calls %s=%s unused if it changes nothing of what k6 does, and else not',
      (name, value) => {
        if (IN_REPORT.includes(`${scenario} ${name}`)) return;
        const changesNothing = told({ [name]: value }) === told({});
        expect(unusedNames({ [name]: value }, scenario, has(traits, scenario))).toEqual(changesNothing ? [name] : []);
      },
    );
  });
});

it('a sub-protocol is none where the conversation asks for its own', () => {
  const unused = (isAsked: boolean) => unusedNames({ WS_SUBPROTOCOL: 'v1' }, 'concurrent', () => isAsked);
  expect([unused(true), unused(false)]).toEqual([[], ['WS_SUBPROTOCOL']]);
});

it('settings that mean nothing are those of other scenarios and conversations, and only if they were given', () => {
  const all = Object.fromEntries(settingsTable().map(({ name, example }) => [name, example]));
  const unused = (scenario: Scenario, traits = CHAT) => unusedNames(all, scenario, has(traits, scenario)).join(' ');
  expect(unused('concurrent')).toBe(
    'WS_SOCKETS_PER_VU WS_TIERS WS_TIER_HOLD WS_TIER_PAUSE WS_STEP WS_STEP_HOLD WS_RATE WS_LIFETIME WS_CHURN WS_BACKOFF WS_JITTER WS_MAX_ATTEMPTS WS_MAX_RECOVERY WS_MIN_AVAILABILITY WS_COMPARE_WITH',
  );
  expect(unused('storm', LISTEN)).toBe(
    'WS_READY_TIMEOUT WS_MESSAGE_INTERVAL WS_MESSAGE_TIMEOUT WS_MESSAGE_SIZE WS_SOCKETS_PER_VU WS_MIN_READY WS_MIN_MESSAGE_SUCCESS WS_MAX_ROUND_TRIP WS_MIN_DELIVERY WS_MAX_DELIVERY_TIME WS_TIERS WS_TIER_HOLD WS_TIER_PAUSE WS_STEP WS_STEP_HOLD WS_RATE WS_LIFETIME WS_CHURN WS_BACKOFF WS_JITTER WS_MAX_ATTEMPTS WS_MAX_RECOVERY WS_MIN_AVAILABILITY',
  );
  expect(unused('churn', SEND_ONLY)).toBe(
    'WS_PROFILE WS_CONNECTIONS WS_BATCH_SIZE WS_BATCH_DELAY WS_HOLD WS_READY_TIMEOUT WS_MESSAGE_TIMEOUT WS_SOCKETS_PER_VU WS_MIN_READY WS_MIN_MESSAGE_SUCCESS WS_MAX_ROUND_TRIP WS_MIN_DELIVERY WS_MAX_DELIVERY_TIME WS_MAX_ESTABLISH_TIME WS_TIERS WS_TIER_HOLD WS_TIER_PAUSE WS_STEP WS_STEP_HOLD WS_BACKOFF WS_JITTER WS_MAX_ATTEMPTS WS_MAX_RECOVERY WS_MIN_AVAILABILITY WS_COMPARE_WITH',
  );
  expect(unused('reconnect')).toBe(
    'WS_MIN_READY WS_TIERS WS_TIER_HOLD WS_TIER_PAUSE WS_STEP WS_STEP_HOLD WS_RATE WS_LIFETIME WS_CHURN WS_COMPARE_WITH',
  );
  for (const traits of [ECHO, LISTEN, SEND_ONLY, CHAT]) {
    expect(unusedNames({ WS_HOLD: ' ', WS_RATE: '' }, 'tiers', has(traits, 'tiers'))).toEqual([]);
  }
});
