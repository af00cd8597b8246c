// The one form of options that all shipped conversations share, and the five helpers that read it.
// (Only five: each function of a module costs 0.8 KB in each of 10,000 VUs; what one protocol alone needs stands inside its maker.)
import type { Client, Outgoing, Request, Session } from './conversation.ts';

/** One value for all connections, or a function of the connection: `({ user, index }) => ({ token: user.token })`. */
export type PerClient<Value> = Value | ((client: Client) => Value);

/**
 * The content of a request: the same each time, or made for each. `n` is the number of the request on its connection; `stamp` a text of
 * ASCII without quotes that goes into the content where deliveries are to be counted (see `reach`). null: nothing to send this time.
 */
export type PerRequest<Value> = Value | ((session: Session<unknown>, n: number, stamp: string) => Value | null);

/** What a message carries: text as it stands, all else as JSON. */
export type Payload = string | number | boolean | readonly unknown[] | { readonly [name: string]: unknown };

/** What a server says in JSON. Its shape is known to its user alone. */
// biome-ignore lint/suspicious/noExplicitAny: `unknown` would put a cast into each user's `refused`.
export type Said = any;

/** What a reply says against the request: a word or code for the report (40 characters of it), or undefined or null if it says nothing against it. */
export type Refused = (reply: Said) => string | number | undefined | null;

/** What each kind of request has in each protocol. */
export interface Ask {
  /** How often this kind is chosen, beside the others. Default 1. */
  weight?: number;
  /** What ends it: see the contract. Default `answered`, or `none` where the protocol has no answer to wait for. */
  reply?: 'answered' | 'first' | 'none';
  /** Milliseconds from the send to the timeout, in place of WS_MESSAGE_TIMEOUT. */
  timeoutMs?: number;
  /** How many connections are to receive it. Its content must hold the stamp. */
  reach?: number | ((session: Session<unknown>) => number);
  /** In place of the `refused` of the conversation. */
  refused?: Refused;
}

/** What each conversation takes beside its login and its subscriptions. */
export interface CommonOptions<Kind extends Ask> {
  /** Kinds of requests by name. Without any it logs in, answers heartbeats and sends nothing. */
  requests?: Record<string, Kind>;
  /** What counts as refused in a reply beside the refusals that the protocol itself knows. Default: nothing. */
  refused?: Refused;
  /** `false` leaves heartbeats out, to see what the server makes of that, and does not miss those of the server. Default true. */
  heartbeat?: boolean;
}

/** For protocols where an application may answer by a message of its own instead of the protocol's acknowledgement. */
export interface AnsweredByPush {
  /**
   * The number `n` of this connection's request that a push answers, undefined or null if it answers none. With it no acknowledgement is asked for or
   * counted as an answer. `n` has to be in the request's content, and the push must go to this connection alone: others have the same `n`.
   */
  answers?: (push: Said, session: Session<unknown>) => number | undefined | null;
}

/** What a conversation remembers of a connection for `settle`. */
export interface Asked {
  /** By `n`: what counts as refused. Made when first needed. */
  refusals?: Map<number, Refused>;
}

/** Requests that wait for their reply, and are remembered, at most: what never gets one must not pile up for hours. */
const REMEMBERED = 1_000;

/** What an option can be, types apart by a space (of no type: it is checked elsewhere), and an example. */
export type Expected = readonly [types: string, example: string];

/** What a maker takes beside CommonOptions and Ask. */
export interface Known {
  maker: string;
  options: Readonly<Record<string, Expected>>;
  /** Of a kind of requests. */
  kind: Readonly<Record<string, Expected>>;
}

/**
 * So that what is misspelt or of another type is an error at once, and not left out or sent without a word.
 *
 * @throws an Error that names the first option that the maker does not know or cannot take. Of what was given it has the type alone: it can be a secret.
 */
export function check({ maker, options: known, kind: ofKind }: Known, options: unknown): void {
  const texts: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    boolean: 'true or false',
    object: 'an object',
    list: 'a list',
    bytes: 'bytes',
    function: 'a function',
  };
  const typeOf = (value: unknown): string => {
    if (value === null) return 'null';
    if (Array.isArray(value)) return 'list';
    return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? 'bytes' : typeof value;
  };
  const need = (what: string, given: unknown, [types, example]: Expected): void => {
    const type = typeOf(given);
    if (types === '' || types.includes(type)) return;
    const needed = types.split(' ').map((each) => texts[each]);
    const is = type === 'boolean' ? given : (texts[type] ?? type);
    throw new Error(`${maker}: ${what} is ${is}; ${needed.join(' or ')} is needed, such as ${example}.`);
  };
  const each = (who: string, of: string, given: object, names: Known['kind']): void => {
    for (const [name, value] of Object.entries(given)) {
      const all = Object.keys(names);
      if (!all.includes(name)) throw new Error(`${who} does not know "${name}". It knows: ${all.join(', ')}.`);
      if (value !== undefined) need(`${name}${of}`, value, names[name] as Expected);
    }
  };
  const refused: Expected = ['function', '(reply) => reply.error'];
  need('its argument', options, ['object', '{ requests: {} }']);
  each(maker, '', options as object, { ...known, refused, requests: ['object', '{ say: {} }'] });
  // What all conversations have of a request is checked with those of users.
  const ask: Record<keyof Ask, Expected> = {
    weight: ['', ''],
    reply: ['', ''],
    timeoutMs: ['', ''],
    reach: ['', ''],
    refused,
  };
  for (const [name, kind] of Object.entries((options as CommonOptions<Ask>).requests ?? {})) {
    need(`the request "${name}"`, kind, ['object', '{ weight: 2 }']);
    each(`${maker}: the request "${name}"`, ` of the request "${name}"`, kind, { ...ofKind, ...ask });
  }
}

/** The value for this connection. */
export function forClient<Value>(value: PerClient<Value>, client: Client): Value {
  return typeof value === 'function' ? (value as (client: Client) => Value)(client) : value;
}

/**
 * The contract's requests, of those in the options.
 *
 * @param frames - makes the frames of request `n` of this kind. `fill` gives the content for a PerRequest.
 */
export function requestsOf<Kind extends Ask, State extends Asked>(
  options: CommonOptions<Kind>,
  frames: (
    kind: Kind,
    name: string,
    session: Session<State>,
    n: number,
    fill: <Value>(content: PerRequest<Value>) => Value | null,
  ) => Outgoing | Outgoing[] | null,
): { requests?: Record<string, Request<State>> } {
  const kinds = Object.entries(options.requests ?? {});
  if (kinds.length === 0) return {};
  const requests: Record<string, Request<State>> = {};
  for (const [name, kind] of kinds) {
    const { weight, reply, timeoutMs, reach, refused = options.refused } = kind;
    requests[name] = {
      ...(weight === undefined ? {} : { weight }),
      ...(reply === undefined ? {} : { reply }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(reach === undefined ? {} : { reach }),
      frames(session, n) {
        const made = frames(kind, name, session, n, (content) => {
          if (typeof content !== 'function') return content;
          const make = content as (session: Session<State>, n: number, stamp?: string) => never;
          // Only for who takes it: a reach without a stamp has to be noticed.
          return make.length > 2 ? make(session, n, session.stamp(n)) : make(session, n);
        });
        if (made !== null && refused !== undefined && reply !== 'none') {
          const { state } = session;
          state.refusals ??= new Map();
          state.refusals.set(n, refused);
          if (state.refusals.size > REMEMBERED) state.refusals.delete(state.refusals.keys().next().value as number);
        }
        return made;
      },
    };
  }
  return { requests };
}

/** Request `n` has this reply, the last one: refused if its kind takes the reply for a refusal, else answered. */
export function settle(session: Session<Asked>, n: number, reply: Said): void {
  const { refusals } = session.state;
  const word = refusals?.get(n)?.(reply) ?? undefined;
  refusals?.delete(n);
  if (word === undefined) session.answered(n);
  else session.refused(n, word as string);
}

/** The JSON in this text; undefined if it is none, which leaves a frame unexpected instead of blaming the conversation. */
export function parsed(text: string): Said {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
