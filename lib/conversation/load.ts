import { lazily } from '../lazily.ts';
import type { Conversation } from './conversation.ts';
import type { Traits } from './traits.ts';

/** A conversation and what came with it. */
export interface Loaded {
  /** Makes one of ours that is lean: with the VU's connection, since what a VU holds before that weighs twice. */
  conversation(): Conversation<unknown>;
  traits: Traits;
}

/** Loads a conversation of ours that is lean; null: it is none of these. Apart from the others, since 10,000 VUs make it. */
export function loadLean(name: string): Loaded | null {
  let make: Loaded['conversation'] | null = null;
  if (name === 'echo') {
    make = lazily(() => (require('./echo.ts') as typeof import('./echo.ts')).echo() as Conversation<unknown>);
  } else if (name === 'listen') {
    make = lazily(() => (require('./listen.ts') as typeof import('./listen.ts')).listen() as Conversation<unknown>);
  } else if (name === 'send-only') {
    make = lazily(
      () => (require('./send-only.ts') as typeof import('./send-only.ts')).sendOnly() as Conversation<unknown>,
    );
  }
  if (make === null) return null;
  const awaits = name === 'echo';
  // As traitsOf() says: worked out, they would leave 2 KB of k6's engine in each VU.
  const traits = {
    kinds: name === 'listen' ? [] : [{ name: 'message', awaits }],
    awaits,
    hasLogin: false,
    hasReach: false,
    hasGoodbye: false,
    longestTimeoutMs: 0,
    isLean: true,
  };
  return { conversation: make, traits };
}
