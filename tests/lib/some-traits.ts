import { type Loaded, loadLean } from '../../lib/conversation/load.ts';
import type { Traits } from '../../lib/conversation/traits.ts';
import type { Facts } from '../../lib/report/facts.ts';
import type { Settings } from '../../lib/settings/settings.ts';

/** Of the conversations that call next to nothing. */
export const [ECHO, LISTEN, SEND_ONLY] = ['echo', 'listen', 'send-only'].map(
  (name) => (loadLean(name) as Loaded).traits,
) as [Traits, Traits, Traits];

/** Of one that has everything: a login, a goodbye, a request that is answered and one that many are to receive. */
export const CHAT: Traits = {
  kinds: [
    { name: 'history', awaits: true },
    { name: 'say', awaits: false },
  ],
  awaits: true,
  hasLogin: true,
  hasReach: true,
  hasGoodbye: true,
  longestTimeoutMs: 0,
  isLean: false,
};

/** What the report has to know of a run with these settings. */
export function factsOf(settings: Settings, traits = ECHO, others: Partial<Facts> = {}): Facts {
  return { settings, traits, unused: [], proxies: [], ignored: [], users: null, ...others };
}
