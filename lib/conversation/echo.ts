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
  const own = size === undefined ? null : 'x'.repeat(Math.max(0, size - 38));
  const message = (session: Session<Newest> & Padded, n: number) =>
    `{"id":"k6-${firstId + session.index}-${firstId + n}","pad":"${own ?? session.padding ?? ''}"}`;
  return {
    requests: {
      message: {
        frames(session, n) {
          session.state ??= { n: 0, text: '' };
          session.state.n = n;
          session.state.text = message(session, n);
          return session.state.text;
        },
      },
    },
    received(session, frame) {
      // Mostly it is the reply to the newest. To look into a text costs each VU 3.5 KB.
      if (frame === session.state?.text) {
        session.answered(session.state.n);
        return;
      }
      const reply = typeof frame === 'string' ? frame : String.fromCharCode(...new Uint8Array(frame));
      const n = +reply.slice(19, 27) - firstId;
      if (reply === message(session, n)) session.answered(n);
    },
  };
}
