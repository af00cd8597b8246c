import type { Protocol } from './protocol.ts';

/** The next frame is the reply to the oldest message that has none. */
export const anyReply: Protocol = {
  sends: true,
  awaitsReply: true,
  replyTo: (_frame, _connection, oldestPending) => oldestPending,
};
