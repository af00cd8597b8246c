import type { Conversation, Session } from './conversation.ts';
import {
  type AnsweredByPush,
  type Ask,
  type Asked,
  type CommonOptions,
  check,
  forClient,
  type Payload,
  type PerClient,
  type PerRequest,
  requestsOf,
  settle,
} from './options.ts';
import { type Alive, watchSigns } from './signs.ts';

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
  /**
   * Milliseconds between heart-beats that are offered and wished for; the server may want longer ones. A server of which nothing comes for
   * twice as long as agreed is given up. `headers` cannot have it. 0: none. Default 10000.
   */
  heartbeatMs?: number;
}

/** A frame of STOMP, the first of repeated headers. */
interface StompFrame {
  command: string;
  headers: Record<string, string>;
  body: string;
}

/** What it remembers of a connection. */
export interface StompState extends Asked, Alive {
  /** Bytes of a frame that is not complete. */
  rest: Uint8Array;
  connected: boolean;
  /** Receipts of subscriptions that are missing. */
  subscribing: string[];
}

/**
 * STOMP 1.2 over WebSocket.
 *
 * Ready: CONNECTED, and the receipts of all subscriptions. Answered: RECEIPT, the broker has it; whether anybody received it, `reach` tells. Push: MESSAGE, by its destination.
 * A frame of STOMP may come in several of WebSocket, and several in one.
 */
export function stomp(options: StompOptions = {}): Conversation<StompState> {
  const HEADERS = ['object function', "{ persistent: 'true' }"] as const;
  const text = (example: string) => ['string function', example] as const;
  check(
    {
      maker: 'stomp',
      options: {
        username: text("'guest'"),
        password: text('({ user }) => user.password'),
        host: text("'/'"),
        headers: HEADERS,
        destinations: ['list function', "['/topic/news']"],
        receipts: ['boolean', 'false'],
        heartbeatMs: ['', ''],
        answers: ['function', '({ body }) => JSON.parse(body).n'],
        heartbeat: ['boolean', 'false'],
      },
      kind: {
        destination: text("'/topic/news'"),
        payload: ['string number boolean list object function', "'hello'"],
        headers: HEADERS,
      },
    },
    options,
  );
  const { answers, receipts = true, heartbeat = true, heartbeatMs = 10_000 } = options;
  /** Bytes of a frame at most. One without an end would be waited for until the connection's. */
  const LARGEST = 16 * 1024 * 1024;
  const NO_BYTES = new Uint8Array(0);
  const LF = 10;
  const CR = 13;
  const UNREADABLE: StompFrame = { command: '', headers: {}, body: '' };
  const ESCAPES: Record<string, string> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', ':': '\\c' };
  const ESCAPED: Record<string, string> = { '\\': '\\', r: '\r', n: '\n', c: ':' };

  const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
  const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

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

  /** Where the body begins, behind the empty line that ends the header; -1 if that is not there. */
  const bodyOf = (bytes: Uint8Array): number => {
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
      const next = bytes[at + 1] === CR ? at + 2 : at + 1;
      if (bytes[next] === LF) return next + 1;
    }
    return -1;
  };

  /**
   * The frame at the beginning of these bytes, undefined if they do not hold all of it yet. One that cannot be read has the command ''.
   *
   * A body may hold NUL if its length in bytes is given: of what came in, since a body that is no text has another length as text.
   *
   * @param seen - so many of them were there before and did not hold its end.
   */
  const firstFrame = (bytes: Uint8Array, seen: number): { frame: StompFrame; size: number } | undefined => {
    const start = bodyOf(bytes);
    const head = start < 0 ? bytes : bytes.subarray(0, start);
    const early = head.indexOf(0);
    // No header ends before the frame does.
    if (early >= 0) return { frame: UNREADABLE, size: early + 1 };
    if (start < 0) return undefined;
    const [command = '', ...lines] = textOf(head).split(/\r?\n/);
    const headers: Record<string, string> = {};
    for (const line of lines) {
      if (line === '') break;
      const colon = line.indexOf(':');
      if (colon < 0) {
        const end = bytes.indexOf(0, start);
        return { frame: UNREADABLE, size: end < 0 ? bytes.length : end + 1 };
      }
      const [name = '', value = ''] = [line.slice(0, colon), line.slice(colon + 1)].map((part) =>
        part.replace(/\\(.?)/g, (whole, character) => ESCAPED[character] ?? whole),
      );
      headers[name] ??= value;
    }
    const length = Number(headers['content-length'] ?? 0);
    // Waited for, a length that cannot be would swallow all that follows.
    const isLength = Number.isInteger(length) && length >= 0 && length <= LARGEST;
    const end = bytes.indexOf(0, Math.max(isLength ? start + length : start, seen));
    if (end < 0) return undefined;
    const frame = isLength ? { command, headers, body: textOf(bytes.subarray(start, end)) } : UNREADABLE;
    return { frame, size: end + 1 };
  };

  const connected = (session: Session<StompState>, { headers }: StompFrame): void => {
    session.state.connected = true;
    const [promised = 0, wanted = 0] = (headers['heart-beat'] ?? '0,0').split(',').map(Number);
    const isAgreed = (ms: number) => heartbeat && heartbeatMs > 0 && ms > 0 && Number.isFinite(ms);
    // Twice as long as agreed, as the clients of STOMP have it: a busy machine may be a little late.
    if (isAgreed(promised)) watchSigns(session, 2 * Math.max(heartbeatMs, promised), 'no heart-beat');
    if (isAgreed(wanted)) {
      // Early enough that a busy machine does not miss it.
      session.every(Math.ceil(Math.max(heartbeatMs, wanted) * 0.75), (alive) => alive.send('\n'));
    }
    const destinations = forClient(options.destinations ?? [], session);
    destinations.forEach((destination, index) => {
      const receipt = receipts ? `subscribed-${index}` : undefined;
      if (receipt !== undefined) session.state.subscribing.push(receipt);
      session.send(encode('SUBSCRIBE', { id: index, destination, ack: 'auto', receipt }));
    });
    if (session.state.subscribing.length === 0) session.ready();
  };

  const receipt = (session: Session<StompState>, id: string): void => {
    const { leaving, subscribing } = session.state;
    const at = subscribing.indexOf(id);
    if (id === 'goodbye' && leaving) session.done();
    else if (/^\d+$/.test(id)) session.answered(Number(id));
    else if (at >= 0) {
      subscribing.splice(at, 1);
      if (subscribing.length === 0) session.ready();
      else session.expected();
    }
  };

  const failed = (session: Session<StompState>, { headers, body }: StompFrame): void => {
    const [line = ''] = body.split(/[\r\n]/);
    const word = [headers['message'], line].filter((part) => part).join(': ') || 'ERROR';
    const id = headers['receipt-id'] ?? '';
    // The server closes now, whoever is to blame.
    if (session.state.leaving) session.done();
    else if (/^\d+$/.test(id)) session.refused(Number(id), word);
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
      const n = answers?.(push, session) ?? undefined;
      if (n !== undefined) settle(session, n, push);
      else if (!session.delivered(body)) session.pushed(headers['destination'] ?? 'MESSAGE');
    }
  };

  /** End of lines between frames are heart-beats. */
  const skipped = (bytes: Uint8Array, from: number): number => {
    let at = from;
    while (bytes[at] === LF || bytes[at] === CR) at += 1;
    return at;
  };

  if (!(Number.isInteger(heartbeatMs) && heartbeatMs >= 0)) {
    const given = typeof heartbeatMs === 'string' ? JSON.stringify(heartbeatMs) : String(heartbeatMs);
    throw new Error(`stomp: heartbeatMs is ${given}; a whole number from 0 is needed, such as 10000.`);
  }
  const checkedHeaders = (headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
    if (!('heart-beat' in headers)) return headers;
    throw new Error('stomp: headers has "heart-beat"; heartbeatMs is for that, such as heartbeatMs: 10000.');
  };
  if (typeof options.headers === 'object') checkedHeaders(options.headers);
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
    begin: () => ({ rest: NO_BYTES, connected: false, subscribing: [] }),

    opened(session) {
      const beat = heartbeatMs;
      session.send(
        encode('CONNECT', {
          'accept-version': '1.2',
          host: forClient(options.host ?? '/', session),
          'heart-beat': `${beat},${beat}`,
          login: options.username === undefined ? undefined : forClient(options.username, session),
          passcode: options.password === undefined ? undefined : forClient(options.password, session),
          ...checkedHeaders(forClient(options.headers ?? {}, session)),
        }),
      );
    },

    received(session, frame) {
      const { state } = session;
      if (state.heardAt !== undefined) state.heardAt = Date.now();
      const came = typeof frame === 'string' ? bytesOf(frame) : new Uint8Array(frame);
      const seen = state.rest.length;
      let bytes = came;
      if (seen > 0) {
        bytes = new Uint8Array(seen + came.length);
        bytes.set(state.rest);
        bytes.set(came, seen);
      }
      state.rest = NO_BYTES;
      let at = skipped(bytes, 0);
      let found = firstFrame(bytes.subarray(at), seen);
      if (found === undefined && bytes.length - at <= LARGEST) session.expected();
      for (; found !== undefined; found = firstFrame(bytes.subarray(at), 0)) {
        take(session, found.frame);
        at = skipped(bytes, at + found.size);
      }
      if (bytes.length > at && bytes.length - at <= LARGEST) state.rest = bytes.slice(at);
    },

    ...requestsOf<StompRequest, StompState>({ ...options, requests }, (kind, name, session, n, fill) => {
      const payload = fill(kind.payload ?? '');
      if (payload === null) return null;
      const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
      const headers = {
        destination: forClient(kind.destination ?? name, session),
        'content-type': typeof payload === 'string' ? 'text/plain' : 'application/json',
        ...forClient(kind.headers ?? {}, session),
        receipt: answers === undefined && kind.reply !== 'none' ? n : undefined,
        'content-length': bytesOf(body).length,
      };
      return encode('SEND', headers, body);
    }),

    goodbye(session) {
      session.state.leaving = true;
      session.send(encode('DISCONNECT', { receipt: 'goodbye' }));
    },
  };
}
