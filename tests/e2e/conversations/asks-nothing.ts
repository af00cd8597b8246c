import type { Conversation } from '../../../lib/conversation/conversation.ts';

/** Wants replies, but has nothing to ask; what it sends wants none. */
export default {
  requests: { ask: { frames: () => null }, tell: { reply: 'none', frames: (_session, n) => `tell ${n}` } },
  received: (session) => session.expected(),
} satisfies Conversation;
