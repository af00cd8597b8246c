// A chat: login by a token of the user's row, then a room of ten, in which each message reaches all.
//   npm start -- --conversation chat            runs it against examples/chat-server.mjs
//   k6 run -e WS_CONVERSATION=examples/chat.ts -e WS_USERS=examples/users.csv -e WS_URL=… dist/concurrent.js
import type { Client, Conversation } from 'k6-websocket-concurrency';

/** Connections in a room: give WS_CONNECTIONS in tens, or the last room has fewer than its messages should reach. */
const ROOM = 10;

const roomOf = ({ index }: Client) => `room-${Math.floor(index / ROOM)}`;

export default {
  opened: (session) => session.send(JSON.stringify({ type: 'auth', token: session.user['token'] })),

  received(session, frame) {
    const { type, ref = '', text, room, reason } = JSON.parse(String(frame));
    // The ref of a message is "connection-request".
    const [index, n] = ref.split('-').map(Number);
    const isOwn = index === session.index;
    if (type === 'welcome') {
      session.send(JSON.stringify({ type: 'join', room: roomOf(session) }));
    } else if (type === 'joined') {
      session.ready();
    } else if (type === 'chat') {
      // Whatever comes to a wrong room was not delivered.
      if (room === roomOf(session)) session.delivered(text);
      if (isOwn) session.answered(n);
    } else if (type === 'error') {
      if (isOwn) session.refused(n, reason);
      else session.fail(reason);
    }
  },

  requests: {
    chat: {
      reach: ROOM,
      frames: (session, n) =>
        JSON.stringify({ type: 'chat', text: `hello ${session.stamp(n)}`, ref: `${session.index}-${n}` }),
    },
  },

  closed: (code, reason) => (code === 4401 ? `the chat refused the login: ${reason}` : undefined),
} satisfies Conversation;
