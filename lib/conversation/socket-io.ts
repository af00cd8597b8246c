import type { Client, Conversation, Outgoing, Session } from './conversation.ts';
import {
  type AnsweredByPush,
  type Ask,
  type Asked,
  type CommonOptions,
  check,
  forClient,
  type PerClient,
  type PerRequest,
  parsed,
  requestsOf,
  type Said,
  settle,
} from './options.ts';
import { type Alive, watchSigns } from './signs.ts';

/** An event that is emitted, and by default acknowledged by the server. */
export interface SocketIoRequest extends Ask {
  /** Default: the name of the kind. */
  event?: PerClient<string>;
  /** What follows the event's name. ArrayBuffer and Uint8Array, at any depth, go as binary attachments. Default none. */
  args?: PerRequest<unknown[]>;
}

/** The options of `socketIo`. `refused` gets the list of what the server acknowledged with, `answers` and pushes `[event, ...args]`. */
export interface SocketIoOptions extends CommonOptions<SocketIoRequest>, AnsweredByPush {
  /** Default '/', the main one. */
  namespace?: PerClient<string>;
  /** What the server's `socket.handshake.auth` gets. Default nothing. */
  auth?: PerClient<Record<string, unknown>>;
  /** Rooms to join before it counts as ready, each by the event `join` with the room as its argument. Default none. */
  rooms?: PerClient<readonly string[]>;
  /** The event that joins a room, since rooms are the server's own affair. Default 'join'. */
  join?: string;
  /** Whether the server acknowledges `join`. false: ready without knowing whether the room is joined. Default true. */
  joinAck?: boolean;
}

/** What it remembers of a connection. */
export interface SocketIoState extends Asked, Alive {
  /** `/admin,` or nothing, as packets carry it. */
  namespace: string;
  loggedIn: boolean;
  /** Acknowledgements of rooms that are missing, by their id. */
  joining: number[];
  /** A packet whose binary attachments are still on their way. */
  partial?: { packet: string; missing: number; text: string } | undefined;
}

/**
 * socket.io 4 (Engine.IO 4) over WebSocket alone, without the detour over HTTP polling.
 *
 * Ready: the namespace is connected and all rooms are acknowledged. Answered: the server called the acknowledgement, whatever it says, unless
 * `refused` knows better. Push: any other event, by its name.
 */
export function socketIo(options: SocketIoOptions = {}): Conversation<SocketIoState> {
  check(
    {
      maker: 'socketIo',
      options: {
        namespace: ['string function', "'/admin'"],
        auth: ['object function', '({ user }) => ({ token: user.token })'],
        rooms: ['list function', "['lobby']"],
        join: ['string', "'join'"],
        joinAck: ['boolean', 'false'],
        answers: ['function', '([event, n]) => (event === "answer" ? n : undefined)'],
        heartbeat: ['boolean', 'false'],
      },
      kind: { event: ['string function', "'say'"], args: ['list function', "['hello']"] },
    },
    options,
  );
  /** Packets carry it up to a comma, so without its `/` the server reads something else. */
  const checkedNamespace = (given: string): string => {
    if (typeof given === 'string' && given.startsWith('/')) return given;
    throw new Error(
      `socketIo: namespace is ${JSON.stringify(given)}; a text that begins with / is needed, such as '/admin'.`,
    );
  };
  if (typeof options.namespace === 'string') checkedNamespace(options.namespace);
  const { join = 'join', joinAck = true } = options;
  /** The id of a request is its number, those of rooms count from here: one that is acknowledged twice answers no request. */
  const FIRST_ROOM = 1_000_000_000;
  /** Attachments of one packet at most. More are garbage that would be waited for until the end. */
  const MOST_ATTACHMENTS = 100;

  /** A packet with its attachments, each bytes at any depth of its data. */
  const encode = (state: SocketIoState, id: number | '', data: unknown[]): Outgoing | Outgoing[] => {
    const attachments: Outgoing[] = [];
    const json = JSON.stringify(data, (_key, value) => {
      if (!(value instanceof ArrayBuffer || ArrayBuffer.isView(value))) return value;
      attachments.push(value as ArrayBuffer | Uint8Array);
      return { _placeholder: true, num: attachments.length - 1 };
    });
    const head = attachments.length > 0 ? `45${attachments.length}-` : '42';
    const packet = `${head}${state.namespace}${id}${json}`;
    return attachments.length > 0 ? [packet, ...attachments] : packet;
  };

  const loggedIn = (session: Session<SocketIoState>): void => {
    const { state } = session;
    state.loggedIn = true;
    const rooms = forClient(options.rooms ?? [], session);
    rooms.forEach((room, index) => {
      const id = FIRST_ROOM + index;
      if (joinAck) state.joining.push(id);
      session.send(encode(state, joinAck ? id : '', [join, room]) as string);
    });
    if (state.joining.length === 0) session.ready();
  };

  const acknowledged = (session: Session<SocketIoState>, id: number, reply: Said): void => {
    const { joining } = session.state;
    const at = joining.indexOf(id);
    if (at < 0) {
      if (options.answers === undefined) settle(session, id, reply);
      return;
    }
    joining.splice(at, 1);
    const word = options.refused?.(reply) ?? undefined;
    if (word !== undefined) session.fail(word as string);
    else if (joining.length === 0) session.ready();
    else session.expected();
  };

  const happened = (session: Session<SocketIoState>, id: string, data: Said, text: string): void => {
    if (typeof data[0] !== 'string') return;
    // The server may want an acknowledgement too.
    if (id !== '') session.send(`43${session.state.namespace}${id}[]`);
    const n = options.answers?.(data, session) ?? undefined;
    if (n !== undefined) settle(session, n, data);
    else if (!session.delivered(text)) session.pushed(data[0]);
  };

  /** A whole packet; `text` is where a stamp can be, attachments included. One that cannot be read leads to no call, and so is unexpected. */
  const packet = (session: Session<SocketIoState>, frame: string, text: string): void => {
    const { state } = session;
    const [head = '', type, , namespace, id = ''] = /^4([0-6])(?:(\d+)-)?(\/[^,]*,?)?(\d*)/.exec(frame) ?? [];
    // The comma is left out where nothing follows.
    if ((namespace ?? '').replace(/,$/, '') !== state.namespace.replace(/,$/, '')) return;
    const body = frame.slice(head.length);
    const data = parsed(body);
    if (type === '0') {
      if (!state.loggedIn && data?.sid !== undefined) loggedIn(session);
    } else if (type === '1') {
      session.fail('io server disconnect');
    } else if (type === '4') {
      session.fail(typeof data?.message === 'string' ? data.message : `connect_error ${body}`);
    } else if (Array.isArray(data)) {
      if (type === '2' || type === '5') happened(session, id, data, text);
      else if (id !== '') acknowledged(session, Number(id), data);
    }
  };

  const attachment = (session: Session<SocketIoState>, bytes: ArrayBuffer): void => {
    const { partial } = session.state;
    if (partial === undefined) return;
    partial.missing -= 1;
    partial.text += new TextDecoder().decode(new Uint8Array(bytes));
    if (partial.missing > 0) {
      session.expected();
    } else {
      session.state.partial = undefined;
      packet(session, partial.packet, partial.text);
    }
  };

  return {
    handshake({ url }) {
      const at = url.indexOf('?');
      const [address, query] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
      const path = /^\w+:\/\/[^/]+\/?$/.test(address) ? `${address.replace(/\/$/, '')}/socket.io/` : address;
      const parts = query === '' ? [] : query.split('&');
      for (const part of ['EIO=4', 'transport=websocket']) {
        if (!parts.some((given) => given.startsWith(part.replace(/=.*/, '=')))) parts.push(part);
      }
      return { url: `${path}?${parts.join('&')}` };
    },

    begin(client: Client) {
      const namespace = checkedNamespace(forClient(options.namespace ?? '/', client));
      return { namespace: namespace === '/' ? '' : `${namespace},`, loggedIn: false, joining: [] };
    },

    // The server speaks first; being there makes the connection wait for its login.
    opened() {},

    received(session, frame) {
      const { state } = session;
      if (state.heardAt !== undefined) state.heardAt = Date.now();
      if (typeof frame !== 'string') return attachment(session, frame);
      if (frame === '2') {
        if (options.heartbeat !== false) session.send('3');
        session.expected();
      } else if (frame === '6') {
        session.expected();
      } else if (frame.startsWith('0')) {
        const open = parsed(frame.slice(1));
        if (state.loggedIn || open === undefined) return;
        const { pingInterval = 0, pingTimeout = 0 } = open ?? {};
        const isTold =
          Number.isFinite(pingInterval) && pingInterval > 0 && Number.isFinite(pingTimeout) && pingTimeout > 0;
        if (isTold && options.heartbeat !== false) watchSigns(session, pingInterval + pingTimeout, 'ping timeout');
        const auth = options.auth === undefined ? undefined : forClient(options.auth, session);
        session.send(`40${state.namespace}${auth === undefined ? '' : JSON.stringify(auth)}`);
        session.expected();
      } else if (frame.startsWith('4')) {
        if (state.partial !== undefined) {
          // Its attachments should have come: both are lost, as with socket.io's own client, and what follows is read again.
          state.partial = undefined;
          return;
        }
        const missing = Number(/^4[56](\d+)-/.exec(frame)?.[1] ?? 0);
        if (missing === 0) return packet(session, frame, frame);
        if (missing > MOST_ATTACHMENTS) return;
        state.partial = { packet: frame, missing, text: frame };
        session.expected();
      }
    },

    ...requestsOf<SocketIoRequest, SocketIoState>(options, (kind, name, session, n, fill) => {
      const args = fill(kind.args ?? []);
      if (args === null) return null;
      // Spread, a text would be its letters.
      if (!Array.isArray(args)) {
        throw new Error(
          `socketIo: args of the request "${name}" gave ${typeof args}; a list is needed, such as ['hello'].`,
        );
      }
      const asksAck = kind.reply !== 'none' && options.answers === undefined;
      return encode(session.state, asksAck ? n : '', [forClient(kind.event ?? name, session), ...args]);
    }),

    goodbye(session) {
      // Nothing is answered to it.
      session.send(`41${session.state.namespace}`);
      session.done();
    },

    closed: (code) => (code === 1005 ? 'without a word' : undefined),
  };
}
