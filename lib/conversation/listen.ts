import type { Conversation } from './conversation.ts';

/** Nothing is sent; the connection is held, and each frame of the server is a push. */
export function listen(): Conversation {
  return { received: (session) => session.pushed('frame') };
}
