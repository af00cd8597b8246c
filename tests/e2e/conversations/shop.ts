// Several kinds of requests: refused in band, several replies to one, the first of several, none.
import type { Conversation } from '../../../lib/conversation/conversation.ts';

export default {
  received(session, frame) {
    const [what, number, ...words] = String(frame).split(' ');
    const n = Number(number);
    if (what === 'ok' || what === 'end') session.answered(n);
    else if (what === 'no') session.refused(n, words.join(' '));
    else session.partly(n);
  },

  requests: {
    buy: { weight: 3, frames: (_session, n) => `buy ${n}` },
    list: { frames: (_session, n) => `list ${n}` },
    watch: { reply: 'first', frames: (_session, n) => `watch ${n}` },
    note: { reply: 'none', frames: (_session, n) => `note ${n}` },
  },
} satisfies Conversation;
