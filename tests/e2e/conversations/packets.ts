// Binary operations that frames know nothing of: several in one frame, and one in several.
import type { Conversation } from '../../../lib/conversation/conversation.ts';

const LOGIN = 1;
const WELCOME = 2;
const ASK = 3;
const ANSWER = 4;

function operation(type: number, n: number, body: readonly number[] = []): Uint8Array {
  return new Uint8Array([type, n >> 8, n & 255, body.length >> 8, body.length & 255, ...body]);
}

const joined = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));

export default {
  begin: () => ({ rest: new Uint8Array(0) }),

  opened(session) {
    const login = operation(LOGIN, 0, [1, 2, 3]);
    session.send(login.slice(0, 4).buffer as ArrayBuffer);
    // A view of a larger buffer: its own bytes are meant.
    session.send(login.subarray(4));
  },

  received(session, frame) {
    const bytes = new Uint8Array(frame as ArrayBuffer);
    let rest = joined(session.state.rest, bytes);
    session.expected();
    while (rest.length >= 5) {
      const [type = 0, high = 0, low = 0, longer = 0, long = 0] = rest;
      const end = 5 + longer * 256 + long;
      if (rest.length < end) break;
      if (type === WELCOME) session.ready();
      else if (type === ANSWER) session.answered(high * 256 + low);
      else session.pushed('news');
      rest = rest.slice(end);
    }
    session.state.rest = rest;
  },

  requests: {
    pieces: {
      frames(_session, n) {
        const whole = operation(ASK, n, [9, 9]);
        return [whole.slice(0, 2), whole.slice(2, 6), whole.slice(6).buffer as ArrayBuffer];
      },
    },
    heap: { frames: (_session, n) => joined(operation(99, 0, [7]), operation(ASK, n, [9, 9]), operation(99, 0)) },
  },
} satisfies Conversation<{ rest: Uint8Array }>;
