import type { Conversation, Session } from './conversation.ts';

export interface EchoOptions {
  /** Bytes of one message, its id included: 40 to 65,000. Default: WS_MESSAGE_SIZE. */
  size?: number;
}

/** The newest message of a connection. */
interface Newest {
  n: number;
  text: string;
}

/** What a session has for this package's own conversations: it makes a message WS_MESSAGE_SIZE bytes long. */
interface Padded {
  padding?: string;
}

/**
 * The reply is the message itself, to the last byte, as text or as binary; all else is unexpected. A message is JSON with
 * an id and padding, `{"id":"k6-10000042-10000007","pad":"xxxx"}`: message 7 of connection 42.
 */
export function echo({ size }: EchoOptions = {}): Conversation<Newest> {
  /** Ids count from here, so that all have the same length and a message its exact size. */
  const firstId = 10_000_000;
  let padding = size === undefined ? null : 'x'.repeat(Math.max(0, size - 38));
  return {
    requests: {
      message: {
        frames(session: Session<Newest> & Padded, n) {
          if (padding === null) padding = session.padding ?? '';
          const text = `{"id":"k6-${firstId + session.index}-${firstId + n}","pad":"${padding}"}`;
          const newest = session.state;
          if (newest === undefined) session.state = { n, text };
          else {
            newest.n = n;
            newest.text = text;
          }
          return text;
        },
      },
    },
    received(session, frame) {
      // Mostly it is the reply to the newest. To look into a text costs each VU 3.5 KB.
      const newest = session.state;
      if (newest !== undefined && frame === newest.text) {
        session.answered(newest.n);
        return;
      }
      const reply = typeof frame === 'string' ? frame : String.fromCharCode(...new Uint8Array(frame));
      const n = +reply.slice(19, 27) - firstId;
      // The messages of a connection differ in their number alone.
      const message = newest && `${newest.text.slice(0, 19)}${firstId + n}${newest.text.slice(27)}`;
      if (reply === message) session.answered(n);
    },
  };
}
