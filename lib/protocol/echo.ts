import { FIRST_ID, ID_MARK } from './message.ts';
import { type Protocol, STRAY } from './protocol.ts';

/** The reply carries the message's id, anywhere in its text: an echo, or an answer that quotes the id. */
export const echo: Protocol = {
  sends: true,
  awaitsReply: true,
  replyTo(frame, connection) {
    const mark = `${ID_MARK}${FIRST_ID + connection}-`;
    const start = frame.indexOf(mark);
    if (start < 0) return STRAY;
    const sequence = Number.parseInt(frame.slice(start + mark.length), 10) - FIRST_ID;
    return sequence >= 0 ? sequence : STRAY;
  },
};
