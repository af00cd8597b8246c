// Quotes its user where it should not: in an error, a refusal, a word of its own, and to an echo that it does not expect.
import type { Conversation } from '../../../lib/conversation/conversation.ts';

export default {
  received(session, frame) {
    const text = String(frame);
    const { token = '' } = session.user;
    if (text.startsWith('ask')) session.refused(Number(text.split(' ')[1]), `no such user ${token}`);
    if (text.startsWith('throw')) throw new Error(`the token ${token} is no good`);
    if (text.startsWith('leave')) session.fail(`gone with ${token}`);
  },

  requests: {
    tell: {
      frames(session, n) {
        const { token, name } = session.user;
        const words = ['ask', 'throw', 'leave', 'stray'];
        const word = words[session.index % words.length];
        return word === 'stray' ? `stray ${token} ${name}` : `${word} ${n} ${token}`;
      },
    },
  },
} satisfies Conversation;
