import type { Conversation } from '../../../lib/conversation/conversation.ts';

/** Logs in, with the token of the connection before if there is one (tests/servers/sessions.mjs). */
const conversation: Conversation<{ token: string }> = {
  begin: (_client, previous) => ({ token: previous?.token ?? '' }),
  opened: (session) =>
    session.send(JSON.stringify({ type: 'login', index: session.index, resume: session.state.token })),
  received(session, frame) {
    const { type, token, n } = JSON.parse(String(frame));
    if (type === 'welcome') {
      session.state.token = token;
      session.ready();
    } else session.answered(n);
  },
  requests: { ask: { frames: (_session, n) => JSON.stringify({ type: 'ask', n }) } },
};

export default conversation;
