// Where the next frame is the reply, whatever is in it: a server that answers each message with one frame, in order, and
// pushes nothing. With pushes, pings or errors in between the figures would mean nothing.
import type { Conversation } from 'k6-websocket-concurrency';

export default {
  begin: () => ({ answered: 0 }),
  requests: { message: { frames: (_session, n) => JSON.stringify({ n, text: 'hello' }) } },
  received(session) {
    session.state.answered += 1;
    session.answered(session.state.answered);
  },
} satisfies Conversation<{ answered: number }>;
