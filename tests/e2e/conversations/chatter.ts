// Sends much that nobody answers: for the bounds of the trace.
import type { Conversation } from '../../../lib/conversation/conversation.ts';

export default {
  opened(session) {
    session.ready();
    for (let i = 0; i < 250; i++) session.send('chatter '.repeat(i === 0 ? 500 : 1));
  },
  received: (session) => session.expected(),
} satisfies Conversation;
