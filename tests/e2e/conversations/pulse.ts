// Heartbeats from both sides. Of four clients one is mute to the server's, and one forgets its own.
import type { Conversation } from '../../../lib/conversation/conversation.ts';

const WORDS: Record<number, string> = { 4408: 'a heartbeat was not answered', 4409: 'a heartbeat was forgotten' };

export default {
  opened(session) {
    if (session.index % 4 !== 3) session.every(300, ({ send }) => send.call(session, 'alive'));
    session.every(1_000, () => session.ping());
    // Once, and only then: the login of this server is to be there for a while.
    session.after(50, () => session.ready());
  },

  received(session) {
    if (session.index % 4 === 2) session.expected();
    else session.send('pong');
  },

  closed: (code) => WORDS[code],
} satisfies Conversation;
