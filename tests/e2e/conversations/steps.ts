// A login in several steps, each with what the last reply said; requests that need the reply before them; a goodbye.
import type { Conversation } from '../../../lib/conversation/conversation.ts';
import { proofOf } from './proof.ts';

export default {
  begin: () => ({ cursor: 0, waits: false }),

  opened: (session) => session.send(JSON.stringify({ user: session.user['name'] })),

  received(session, frame) {
    const message = JSON.parse(String(frame));
    if (message.type === 'challenge') {
      session.send(JSON.stringify({ proof: proofOf(message.nonce, session.user['secret'] ?? '') }));
    } else if (message.type === 'session') {
      session.send(JSON.stringify({ session: message.session }));
    } else if (message.type === 'entered') {
      session.state.cursor = message.cursor;
      session.ready();
    } else if (message.type === 'reply') {
      session.state = { cursor: message.cursor, waits: false };
      session.answered(message.n);
    } else if (message.type === 'bye') {
      session.done();
    }
  },

  requests: {
    ask: {
      frames(session, n) {
        if (session.state.waits) return null;
        session.state.waits = true;
        return JSON.stringify({ type: 'ask', n, cursor: session.state.cursor });
      },
    },
  },

  goodbye: (session) => session.send(JSON.stringify({ type: 'bye' })),
} satisfies Conversation<{ cursor: number; waits: boolean }>;
