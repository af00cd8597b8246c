import type { Conversation, Session } from './conversation.ts';
import {
  type AnsweredByPush,
  type Ask,
  type Asked,
  type CommonOptions,
  forClient,
  type Payload,
  type PerClient,
  type PerRequest,
  requestsOf,
  settle,
} from './options.ts';

/** A message to send. */
export interface StompRequest extends Ask {
  /** Default: the name of the kind. */
  destination?: PerClient<string>;
  /** Text goes as it is, all else as JSON. Default empty. */
  payload?: PerRequest<Payload>;
  /** Beside destination, receipt and content-length. `content-type` is by default text/plain for text and application/json for all else. */
  headers?: PerClient<Readonly<Record<string, string>>>;
}

/** The options of `stomp`. `refused` and `answers` get `{ headers, body }` of a MESSAGE, the body as text. */
export interface StompOptions extends CommonOptions<StompRequest>, AnsweredByPush {
  username?: PerClient<string>;
  password?: PerClient<string>;
  /** The virtual host. Default '/'. */
  host?: PerClient<string>;
  /** What else CONNECT carries, such as `{ Authorization: 'Bearer …' }`. Default nothing. */
  headers?: PerClient<Readonly<Record<string, string>>>;
  /** Destinations to subscribe to before it counts as ready. Default none. */
  destinations?: PerClient<readonly string[]>;
  /**
   * Whether the server answers receipts. false, as Spring's own broker needs it: ready without knowing whether the subscriptions are, and `reply` is `none` unless
   * `answers` is given. Default true.
   */
  receipts?: boolean;
  /** Milliseconds between heart-beats that are offered and wished for; the server may want longer ones. 0: none. Default 10000. */
  heartbeatMs?: number;
}

/** A frame of STOMP, the first of repeated headers. */
interface StompFrame {
  command: string;
  headers: Record<string, string>;
  body: string;
}

/** What it remembers of a connection. */
export interface StompState extends Asked {
  /** Text of a frame that is not complete. */
  rest: string;
  /** Bytes of a character that is not complete, for servers that send binary. */
  bytes: Uint8Array;
  connected: boolean;
  /** DISCONNECT is sent. */
  leaving: boolean;
  /** Subscriptions whose receipt is missing. */
  subscribing: number;
}

/**
 * STOMP 1.2 over WebSocket.
 *
 * Ready: CONNECTED, and the receipts of all subscriptions. Answered: RECEIPT, the broker has it; whether anybody received it, `reach` tells. Push: MESSAGE, by its destination.
 * A frame of STOMP may come in several of WebSocket, and several in one.
 */
export function stomp(options: StompOptions = {}): Conversation<StompState> {
  const { answers, receipts = true, heartbeat = true, heartbeatMs = 10_000 } = options;
  /** Text of a frame at most. One without an end would be waited for until the connection's. */
  const LARGEST = 16 * 1024 * 1024;
  const NO_BYTES = new Uint8Array(0);
  const ESCAPES: Record<string, string> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', ':': '\\c' };
  const ESCAPED: Record<string, string> = { '\\': '\\', r: '\r', n: '\n', c: ':' };

  const sizeOf = (text: string): number => new TextEncoder().encode(text).length;

  const encode = (command: string, headers: Record<string, string | number | undefined>, body = ''): string => {
    let frame = `${command}\n`;
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) continue;
      const [key, text] = [name, String(value)].map((part) => {
        if (command !== 'CONNECT') return part.replace(/[\\\r\n:]/g, (character) => ESCAPES[character] as string);
        // CONNECT alone has no escapes.
        if (/[\r\n]/.test(part))
          throw new Error(`stomp: the header ${JSON.stringify(name)} of CONNECT cannot hold a new line.`);
        return part;
      });
      frame += `${key}:${text}\n`;
    }
    return `${frame}\n${body}\0`;
  };

  /**
   * The frame at the beginning of this text, undefined if it does not hold all of it yet. One that cannot be read has the command ''.
   *
   * A body may hold NUL if its length in bytes is given.
   */
  const firstFrame = (text: string): { frame: StompFrame; size: number } | undefined => {
    const end = /\r?\n\r?\n/.exec(text);
    const firstNul = text.indexOf('\0');
    // No header ends before the frame does.
    if (firstNul >= 0 && (end === null || firstNul < end.index)) {
      return { frame: { command: '', headers: {}, body: '' }, size: firstNul + 1 };
    }
    if (end === null) return undefined;
    const [command = '', ...lines] = text.slice(0, end.index).split(/\r?\n/);
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon < 0)
        return { frame: { command: '', headers: {}, body: '' }, size: firstNul < 0 ? text.length : firstNul + 1 };
      const [name = '', value = ''] = [line.slice(0, colon), line.slice(colon + 1)].map((part) =>
        part.replace(/\\(.?)/g, (whole, character) => ESCAPED[character] ?? whole),
      );
      headers[name] ??= value;
    }
    const start = end.index + end[0].length;
    const length = Number(headers['content-length'] ?? 0);
    for (let nul = text.indexOf('\0', start); nul >= 0; nul = text.indexOf('\0', nul + 1)) {
      const body = text.slice(start, nul);
      if (body.length >= length || sizeOf(body) >= length) return { frame: { command, headers, body }, size: nul + 1 };
    }
    return undefined;
  };

  const connected = (session: Session<StompState>, { headers }: StompFrame): void => {
    session.state.connected = true;
    const wanted = Number((headers['heart-beat'] ?? '0,0').split(',')[1]);
    if (heartbeat && heartbeatMs > 0 && wanted > 0 && Number.isFinite(wanted)) {
      // Early enough that a busy machine does not miss it.
      session.every(Math.ceil(Math.max(heartbeatMs, wanted) * 0.75), (alive) => alive.send('\n'));
    }
    const destinations = forClient(options.destinations ?? [], session);
    destinations.forEach((destination, index) => {
      const receipt = receipts ? `subscribed-${index}` : undefined;
      session.send(encode('SUBSCRIBE', { id: index, destination, ack: 'auto', receipt }));
    });
    if (receipts) session.state.subscribing = destinations.length;
    if (session.state.subscribing === 0) session.ready();
  };

  const receipt = (session: Session<StompState>, id: string): void => {
    const { state } = session;
    if (id === 'goodbye' && state.leaving) session.done();
    else if (/^\d+$/.test(id)) session.answered(Number(id));
    else if (id.startsWith('subscribed-') && state.subscribing > 0) {
      state.subscribing -= 1;
      if (state.subscribing === 0) session.ready();
      else session.expected();
    }
  };

  const failed = (session: Session<StompState>, { headers, body }: StompFrame): void => {
    const [line = ''] = body.split(/[\r\n]/);
    const word = [headers['message'], line].filter((part) => part).join(': ') || 'ERROR';
    const id = headers['receipt-id'] ?? '';
    // The server closes now, whoever is to blame.
    if (/^\d+$/.test(id)) session.refused(Number(id), word);
    else session.fail(word);
  };

  /** One frame; what cannot be read leads to no call, and so is unexpected. */
  const take = (session: Session<StompState>, frame: StompFrame): void => {
    const { command, headers, body } = frame;
    if (command === 'CONNECTED' && !session.state.connected) connected(session, frame);
    else if (command === 'RECEIPT') receipt(session, headers['receipt-id'] ?? '');
    else if (command === 'ERROR') failed(session, frame);
    else if (command === 'MESSAGE' && headers['subscription'] !== undefined) {
      const push = { headers, body };
      const n = answers?.(push, session);
      if (n !== undefined) settle(session, n, push);
      else if (!session.delivered(body)) session.pushed(headers['destination'] ?? 'MESSAGE');
    }
  };

  /** The text in a binary frame, up to a character that may be cut in two. */
  const textOf = (state: StompState, frame: ArrayBuffer): string => {
    const bytes = new Uint8Array(state.bytes.length + frame.byteLength);
    bytes.set(state.bytes);
    bytes.set(new Uint8Array(frame), state.bytes.length);
    const whole = (bytes.at(-1) ?? 0) < 0x80 || bytes.length > LARGEST;
    state.bytes = whole ? NO_BYTES : bytes;
    return whole ? new TextDecoder().decode(bytes) : '';
  };

  const requests: Record<string, StompRequest> = {};
  for (const [name, kind] of Object.entries(options.requests ?? {})) {
    const unanswered = !receipts && answers === undefined;
    if (unanswered && (kind.reply ?? 'none') !== 'none') {
      throw new Error(
        `stomp: without receipts nothing answers request "${name}" with reply "${kind.reply}"; give answers, or take reply: 'none'.`,
      );
    }
    requests[name] = unanswered ? { ...kind, reply: 'none' } : kind;
  }

  return {
    handshake: () => ({ protocols: ['v12.stomp'] }),
    begin: () => ({ rest: '', bytes: NO_BYTES, connected: false, leaving: false, subscribing: 0 }),

    opened(session) {
      const beat = heartbeatMs;
      session.send(
        encode('CONNECT', {
          'accept-version': '1.2',
          host: forClient(options.host ?? '/', session),
          'heart-beat': `${beat},${beat}`,
          login: options.username === undefined ? undefined : forClient(options.username, session),
          passcode: options.password === undefined ? undefined : forClient(options.password, session),
          ...forClient(options.headers ?? {}, session),
        }),
      );
    },

    received(session, frame) {
      const { state } = session;
      const text = state.rest + (typeof frame === 'string' ? frame : textOf(state, frame));
      state.rest = '';
      /** End of lines between frames are heart-beats. */
      const skip = (at: number): number => at + (/^[\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
      let at = skip(0);
      let found = firstFrame(text.slice(at));
      if (found === undefined && text.length - at <= LARGEST) session.expected();
      for (; found !== undefined; found = firstFrame(text.slice(at))) {
        take(session, found.frame);
        at = skip(at + found.size);
      }
      if (text.length - at <= LARGEST) state.rest = text.slice(at);
    },

    ...requestsOf<StompRequest, StompState>(
      {
        maker: 'stomp',
        options: [
          'username',
          'password',
          'host',
          'headers',
          'destinations',
          'receipts',
          'heartbeatMs',
          'answers',
          'heartbeat',
        ],
        kind: ['destination', 'payload', 'headers'],
      },
      { ...options, requests },
      (kind, name, session, n, fill) => {
        const payload = fill(kind.payload ?? '');
        if (payload === null) return null;
        const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
        const headers = {
          destination: forClient(kind.destination ?? name, session),
          'content-type': typeof payload === 'string' ? 'text/plain' : 'application/json',
          ...forClient(kind.headers ?? {}, session),
          receipt: answers === undefined && kind.reply !== 'none' ? n : undefined,
          'content-length': sizeOf(body),
        };
        return encode('SEND', headers, body);
      },
    ),

    goodbye(session) {
      session.state.leaving = true;
      session.send(encode('DISCONNECT', { receipt: 'goodbye' }));
    },
  };
}
