// Something of all that a conversation has, and of all that can go wrong in one, against examples/chat-server.mjs: a fifth has
// a bad token, rooms of ten have eight members, each delivery comes twice, and one connection throws.
import type { Conversation } from '../../../lib/conversation/conversation.ts';

export default {
  opened(session) {
    const token = session.index % 5 === 4 ? 'bad' : session.user['token'];
    session.send(JSON.stringify({ type: 'auth', token }));
  },
  received(session, frame) {
    const { type, ref = '', text } = JSON.parse(String(frame));
    const [index, n] = ref.split('-').map(Number);
    if (type === 'welcome') {
      session.send(JSON.stringify({ type: 'join', room: `room-${Math.floor(session.index / 10)}` }));
    } else if (type === 'joined') {
      session.ready();
      if (session.index === 0) {
        session.after(3_000, () => {
          throw new Error('one that is broken');
        });
      }
    } else if (index === session.index) {
      session.partly(n);
      session.answered(n);
    } else {
      // The second time it is a double.
      session.delivered(text);
      session.delivered(text);
    }
    session.pushed('chat');
  },
  requests: {
    say: {
      reach: 10,
      frames: (session, n) => JSON.stringify({ type: 'chat', text: session.stamp(n), ref: `${session.index}-${n}` }),
    },
    shout: {
      frames: (session, n) => JSON.stringify({ type: 'chat', text: session.stamp(n), ref: `${session.index}-${n}` }),
    },
  },
} satisfies Conversation;
