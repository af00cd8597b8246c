// The benchmark's conversation: a JSON chat with a login of one exchange, in which each message is answered to its sender
// only. An echo server plays the other side.
import type { Conversation } from '../lib/conversation/conversation.ts';

export default {
  opened: (session) => session.send(JSON.stringify({ type: 'auth', token: session.user['token'] })),
  received(session, frame) {
    const { type, n } = JSON.parse(String(frame));
    if (type === 'auth') session.ready();
    else session.answered(n);
  },
  requests: {
    chat: { frames: (session, n) => JSON.stringify({ type: 'chat', n, from: session.index, text: 'hello to all' }) },
  },
} satisfies Conversation;
