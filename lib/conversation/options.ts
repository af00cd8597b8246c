// The one form of options that all shipped conversations share, and the four helpers that read it.
// (Only four: each function of a module costs 0.8 KB in each of 10,000 VUs; what one protocol alone needs stands inside its maker.)
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
  /** `false` leaves heartbeats out, to see what the server makes of that. Default true. */
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

/** What a maker takes beside CommonOptions and Ask, so that a misspelt option is an error and not left out without a word. */
export interface Known {
  maker: string;
  options: readonly string[];
  /** Of a kind of requests. */
  kind: readonly string[];
}

/** The value for this connection. */
export function forClient<Value>(value: PerClient<Value>, client: Client): Value {
  return typeof value === 'function' ? (value as (client: Client) => Value)(client) : value;
}

/**
 * The contract's requests, of those in the options.
 *
 * @param known - names of options; the common ones are added.
 * @param frames - makes the frames of request `n` of this kind. `fill` gives the content for a PerRequest.
 */
export function requestsOf<Kind extends Ask, State extends Asked>(
  known: Known,
  options: CommonOptions<Kind>,
  frames: (
    kind: Kind,
    name: string,
    session: Session<State>,
    n: number,
    fill: <Value>(content: PerRequest<Value>) => Value | null,
  ) => Outgoing | Outgoing[] | null,
): { requests?: Record<string, Request<State>> } {
  const check = (given: object, names: readonly string[], what: string) => {
    for (const name of Object.keys(given)) {
      if (!names.includes(name)) throw new Error(`${what} does not know "${name}". It knows: ${names.join(', ')}.`);
    }
  };
  check(options, [...known.options, 'refused', 'requests'], known.maker);
  const kinds = Object.entries(options.requests ?? {});
  if (kinds.length === 0) return {};
  const requests: Record<string, Request<State>> = {};
  for (const [name, kind] of kinds) {
    const names = [...known.kind, 'weight', 'reply', 'timeoutMs', 'reach', 'refused'];
    check(kind, names, `${known.maker}: the request "${name}"`);
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
