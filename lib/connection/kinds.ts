import type { Conversation } from '../conversation/conversation.ts';
import type { Traits } from '../conversation/traits.ts';
import type { Kind } from './connection.ts';

/** The kinds of requests of a conversation, ready to be chosen by weight. */
export function kindsOf(
  { requests = {} }: Conversation<unknown>,
  { kinds: known }: Traits,
  messageTimeoutMs: number,
): Kind[] {
  const kinds: Kind[] = [];
  let weightUpTo = 0;
  for (let i = 0; i < known.length; i++) {
    const { name, awaits } = known[i] as Traits['kinds'][number];
    const request = requests[name] as Kind['request'];
    weightUpTo += request.weight ?? 1;
    const timeoutMs = request.timeoutMs ?? messageTimeoutMs;
    const tags = known.length > 1 ? { request: name } : undefined;
    kinds[i] = { name, request, weightUpTo, awaits, hasReach: request.reach !== undefined, timeoutMs, tags };
  }
  return kinds;
}
