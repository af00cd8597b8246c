// Logins that are refused in band, refused by a close with words, answered too late or never.
import type { Conversation } from '../../../lib/conversation/conversation.ts';

export default {
  opened: (session) => session.send(`login ${session.index}`),

  received(session, frame) {
    const [what = '', ...words] = String(frame).split(' ');
    if (what === 'welcome') session.ready();
    else if (what === 'no') session.fail(words.join(' '));
    else session.answered(Number(words[0]));
  },

  requests: { ask: { frames: (_session, n) => `ask ${n}` } },

  closed: (code, reason) => (code === 4401 ? `the door said: ${reason}` : undefined),
} satisfies Conversation;
