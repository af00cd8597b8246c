// A goodbye that is answered, by a word or a close of any kind; and close codes with words.
import type { Conversation } from '../../../lib/conversation/conversation.ts';

export default {
  received(session, frame) {
    const [what, n] = String(frame).split(' ');
    if (what === 'bye') session.done();
    else session.answered(Number(n));
  },

  requests: { ask: { frames: (session, n) => `ask ${n} ${session.index}` } },

  goodbye: (session) => session.send(`bye 0 ${session.index}`),

  closed: (code, reason) => (code === 4010 ? `put out for ${reason.split(' ')[0]}` : undefined),
} satisfies Conversation;
