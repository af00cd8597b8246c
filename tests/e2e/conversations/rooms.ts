// Rooms of a chat. ROOM_BY: division or remainder; ROOM_SIZE; each SENDER_STEP-th connection speaks.
import type { Client, Conversation } from '../../../lib/conversation/conversation.ts';

const by = __ENV['ROOM_BY'] ?? 'division';
const size = Number(__ENV['ROOM_SIZE'] ?? 10);
const step = Number(__ENV['SENDER_STEP'] ?? 1);
const rooms = Number(__ENV['WS_CONNECTIONS']) / size;

const room = ({ index }: Client) => (by === 'division' ? Math.floor(index / size) : index % rooms);

export default {
  opened: (session) => session.send(`join ${room(session)}`),

  received(session, frame) {
    const [what, ...words] = String(frame).split(' ');
    if (what === 'joined') session.ready();
    else if (what === 'ok') session.answered(Number(words[0]));
    else session.delivered(String(frame));
  },

  requests: {
    say: {
      reach: () => size,
      frames: (session, n) => (session.index % step === 0 ? `say ${n} hello ${session.stamp(n)}` : null),
    },
  },
} satisfies Conversation;
