import type { Conversation, Request } from './conversation.ts';

/** What plan, thresholds, metrics and report have to know of a conversation. */
export interface Traits {
  /** Its kinds of requests, in their order; none: it only listens. */
  kinds: { name: string; awaits: boolean }[];
  /** Some request waits for a reply. */
  awaits: boolean;
  /** There are steps between the handshake and ready. */
  hasLogin: boolean;
  /** Some request says how many connections are to receive it. */
  hasReach: boolean;
  hasGoodbye: boolean;
  /** The longest time that a request may wait, in ms; 0: WS_MESSAGE_TIMEOUT for all. */
  longestTimeoutMs: number;
  /** One of ours that calls nothing of its session but answered() and pushed(). */
  isLean: boolean;
}

/** The traits of a conversation, whatever it may call of its session. */
export function traitsOf(conversation: Conversation<unknown>): Traits {
  // What it lacks is said elsewhere (problems.ts).
  const { requests, opened, goodbye } = Object(conversation) as Conversation<unknown>;
  const traits: Traits = {
    kinds: [],
    awaits: false,
    hasLogin: opened !== undefined,
    hasReach: false,
    hasGoodbye: goodbye !== undefined,
    longestTimeoutMs: 0,
    isLean: false,
  };
  const known = Object(requests) as NonNullable<typeof requests>;
  const names = Object.keys(known);
  // Not for-of: a VU keeps what of the language it has used, here 5 KB.
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const { reply, reach, timeoutMs = 0 } = Object(known[name]) as Request<unknown>;
    const awaits = reply !== 'none';
    traits.kinds.push({ name, awaits });
    if (awaits) traits.awaits = true;
    if (reach !== undefined) traits.hasReach = true;
    if (timeoutMs > traits.longestTimeoutMs) traits.longestTimeoutMs = timeoutMs;
  }
  return traits;
}
