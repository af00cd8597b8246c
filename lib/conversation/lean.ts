import type { Traits } from './traits.ts';

/**
 * What traitsOf() says of a conversation of ours that calls nothing of its session but answered() or pushed(): worked out,
 * it would leave 2 KB of k6's engine in each VU.
 */
export function lean(sends: boolean, awaits: boolean): Traits {
  return {
    kinds: sends ? [{ name: 'message', awaits }] : [],
    awaits,
    hasLogin: false,
    hasReach: false,
    hasGoodbye: false,
    longestTimeoutMs: 0,
    isLean: true,
  };
}
