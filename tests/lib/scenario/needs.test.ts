import { expect, it } from 'vitest';
import type { Traits } from '../../../lib/conversation/traits.ts';
import { needsOf } from '../../../lib/scenario/needs.ts';
import type { Scenario } from '../../../lib/settings/settings.ts';
import { unusedNames } from '../../../lib/settings/unused.ts';
import { ECHO, LISTEN, SEND_ONLY } from '../some-traits.ts';

const GOODBYE = { ...LISTEN, hasLogin: true, hasGoodbye: true };
const REACH = { ...SEND_ONLY, hasReach: true };

it.each<[string, Traits, Scenario, string[]]>([
  [
    'a goodbye alone waits, and replies are none',
    GOODBYE,
    'concurrent',
    ['WS_MIN_MESSAGE_SUCCESS', 'WS_MAX_ROUND_TRIP'],
  ],
  [
    'deliveries count until then, without replies',
    REACH,
    'concurrent',
    ['WS_MIN_MESSAGE_SUCCESS', 'WS_MAX_ROUND_TRIP'],
  ],
  ['churn counts no deliveries', REACH, 'churn', ['WS_MESSAGE_TIMEOUT', 'WS_MIN_MESSAGE_SUCCESS', 'WS_MAX_ROUND_TRIP']],
  ['replies have all three', ECHO, 'concurrent', []],
])('the timeout is no target of replies: %s', (_, traits, scenario, unused) => {
  const env = { WS_MESSAGE_TIMEOUT: '1s', WS_MIN_MESSAGE_SUCCESS: '1', WS_MAX_ROUND_TRIP: '1ms' };
  expect(unusedNames(env, scenario, (need) => needsOf(traits, scenario, 'chat.ts')[need])).toEqual(unused);
});

it('a sub-protocol of the user is none where the conversation asks for its own', () => {
  const asked = ['chat.ts', 'echo', 'mqtt', 'stomp'].map((name) => needsOf(ECHO, 'concurrent', name).subprotocol);
  expect(asked).toEqual([true, true, false, false]);
});
