import type { Conversation, Session } from './conversation.ts';

export interface EchoOptions {
  /** Bytes of one message, its id included: 40 to 65,000. Default: WS_MESSAGE_SIZE. */
  size?: number;
}

/** Bytes that are made text at once. */
const PART = 512;

/** What a session has besides for this conversation. */
interface OwnSession extends Session<unknown> {
  /** Makes a message WS_MESSAGE_SIZE bytes long. */
  padding?: string;
  /** The newest message. Its state is left to a conversation that is built on this one. */
  newest?: { n: number; text: string };
}

/**
 * The reply is the message itself, to the last byte, as text or as binary; all else is unexpected. A message is JSON with
 * an id and padding, `{"id":"k6-10000042-10000007","pad":"xxxx"}`: message 7 of connection 42.
 */
export function echo(options?: EchoOptions, maker = 'echo'): Conversation<unknown> {
  let size: number | undefined;
  // In place and only where there are options: without them it is in 10,000 VUs.
  if (options !== undefined) {
    if (typeof options !== 'object' || options === null || Array.isArray(options)) {
      throw new Error(`${maker}: its argument is no object; one is needed, such as { size: 200 }.`);
    }
    const [unknown] = Object.keys(options).filter((name) => name !== 'size');
    if (unknown !== undefined) throw new Error(`${maker} does not know "${unknown}". It knows: size.`);
    ({ size } = options);
    if (size !== undefined && !(Number.isInteger(size) && size >= 40 && size <= 65_000)) {
      const given = typeof size === 'string' ? JSON.stringify(size) : String(size);
      throw new Error(`${maker}: size is ${given}; a whole number from 40 to 65000 is needed, such as 200.`);
    }
  }
  /** Ids count from here, so that all have the same length and a message its exact size. */
  const firstId = 10_000_000;
  let padding = size === undefined ? null : 'x'.repeat(size - 38);
  return {
    requests: {
      message: {
        frames(session: OwnSession, n) {
          if (padding === null) padding = session.padding ?? '';
          const text = `{"id":"k6-${firstId + session.index}-${firstId + n}","pad":"${padding}"}`;
          const { newest } = session;
          if (newest === undefined) session.newest = { n, text };
          else {
            newest.n = n;
            newest.text = text;
          }
          return text;
        },
      },
    },
    received(session: OwnSession, frame) {
      const { newest } = session;
      // Mostly it is the reply to the newest. To look into a text costs each VU 3.5 KB.
      if (newest !== undefined && frame === newest.text) session.answered(newest.n);
      else if (newest !== undefined) {
        // All messages of a connection have one length, and differ in their number alone.
        const size = typeof frame === 'string' ? frame.length : frame.byteLength;
        if (size !== newest.text.length) return;
        let reply = typeof frame === 'string' ? frame : '';
        // In parts: for more arguments at once k6's engine takes time as their square, seconds for a megabyte.
        for (let at = reply.length; typeof frame !== 'string' && at < size; at += PART) {
          reply += String.fromCharCode(...new Uint8Array(frame, at, Math.min(PART, size - at)));
        }
        const n = +reply.slice(19, 27) - firstId;
        if (reply === `${newest.text.slice(0, 19)}${firstId + n}${newest.text.slice(27)}`) session.answered(n);
      }
    },
  };
}
