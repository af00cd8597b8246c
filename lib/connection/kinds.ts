import type { Conversation } from '../conversation/conversation.ts';
import type { Traits } from '../conversation/traits.ts';
import type { Kind } from './connection.ts';

/** The kinds of requests of a conversation, ready to be chosen by weight: those of its traits, completed in their place. */
export function kindsOf({ requests = {} }: Conversation<unknown>, traits: Traits, messageTimeoutMs: number): Kind[] {
  const kinds = traits.kinds as Kind[];
  // What is never answered proves nothing about replies (thresholds/targets.ts).
  const isMixed = kinds.length > 1 && traits.awaits && kinds.some(({ awaits }) => !awaits);
  let weightUpTo = 0;
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i] as Kind;
    const request = requests[kind.name] as Kind['request'];
    weightUpTo += request.weight ?? 1;
    kind.request = request;
    kind.weightUpTo = weightUpTo;
    kind.hasReach = request.reach !== undefined;
    kind.timeoutMs = request.timeoutMs ?? messageTimeoutMs;
    kind.tags = kinds.length > 1 ? { request: kind.name } : undefined;
    if (isMixed) kind.tags = { request: kind.name, awaits: String(kind.awaits) };
  }
  return kinds;
}
