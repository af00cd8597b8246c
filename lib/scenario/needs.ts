import type { Traits } from '../conversation/traits.ts';
import type { Scenario } from '../settings/settings.ts';
import type { Need } from '../settings/table.ts';

/** Conversations whose handshake() asks for a sub-protocol of its own. */
const WITH_SUBPROTOCOL = ['mqtt', 'stomp', 'graphql-transport-ws'];

/** What there is of all that settings need, by this conversation in this scenario: the others are told as not used. */
export function needsOf(
  { kinds, awaits, hasLogin, hasReach, hasGoodbye }: Traits,
  scenario: Scenario,
  conversation: string,
): Record<Need, boolean> {
  // At no time are all receivers up (lib/plan/churn.ts).
  const reach = hasReach && scenario !== 'churn';
  return {
    requests: kinds.length > 0,
    replies: awaits,
    // The goodbye waits as long, and what is sent so shortly before the end is not counted as a delivery (lib/plan/run.ts).
    timeout: awaits || hasGoodbye || reach,
    login: hasLogin,
    reach,
    size: kinds.length > 0,
    subprotocol: !WITH_SUBPROTOCOL.includes(conversation),
  };
}
