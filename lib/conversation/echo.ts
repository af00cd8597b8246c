import type { Conversation } from './conversation.ts';

/** What a conversation that makes its own messages takes where its options leave it open; set once the settings are known. */
export interface Defaults {
  /** Makes a message WS_MESSAGE_SIZE bytes long. */
  padding: string;
}

export interface EchoOptions {
  /** Bytes of one message, its id included: 40 to 65,000. Default: WS_MESSAGE_SIZE. */
  size?: number;
}

/** The newest message of a connection. */
interface Newest {
  n: number;
  text: string;
}

/**
 * The reply is the message itself, to the last byte, as text or as binary; all else is unexpected. A message is JSON with
 * an id and padding, `{"id":"k6-10000042-10000007","pad":"xxxx"}`: message 7 of connection 42.
 */
export function echo({ size }: EchoOptions = {}, defaults: Defaults = { padding: '' }): Conversation<Newest> {
  /** Ids count from here, so that all have the same length and a message its exact size. */
  const firstId = 10_000_000;
  const own = size === undefined ? null : 'x'.repeat(Math.max(0, size - 38));
  const message = (index: number, n: number) =>
    `{"id":"k6-${firstId + index}-${firstId + n}","pad":"${own ?? defaults.padding}"}`;
  return {
    requests: {
      message: {
        frames(session, n) {
          session.state ??= { n: 0, text: '' };
          session.state.n = n;
          session.state.text = message(session.index, n);
          return session.state.text;
        },
      },
    },
    received(session, frame) {
      // Mostly it is the reply to the newest.
      if (frame === session.state?.text) {
        session.answered(session.state.n);
        return;
      }
      const reply = typeof frame === 'string' ? frame : String.fromCharCode(...new Uint8Array(frame));
      const n = +reply.slice(19, 27) - firstId;
      if (reply === message(session.index, n)) session.answered(n);
    },
  };
}
