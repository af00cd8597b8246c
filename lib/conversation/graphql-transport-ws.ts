import type { Conversation, Session } from './conversation.ts';
import {
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
} from './options.ts';

/** An operation of GraphQL. */
export interface GraphqlOperation {
  query: string;
  variables?: Record<string, unknown>;
  /** Which one, where `query` holds several. */
  operationName?: string;
}

/** A query, a mutation, or a subscription that ends by itself. */
export interface GraphqlRequest extends Ask {
  /** `none` is left out: each operation is answered. */
  reply?: 'answered' | 'first';
  query: PerClient<string>;
  /** Default none. */
  variables?: PerRequest<Record<string, unknown>>;
  /** Which one, where `query` holds several. */
  operationName?: string;
}

/** The options of `graphqlTransportWs`. `refused` gets the payload of a `next`; `error`, and `errors` in a payload, are refusals in any case. */
export interface GraphqlTransportWsOptions extends CommonOptions<GraphqlRequest> {
  /** The payload of `connection_init`, for the server's onConnect. Default none. */
  payload?: PerClient<Record<string, unknown>>;
  /** Subscriptions by name, as text or with variables, held from the login to the goodbye. Default none. */
  subscriptions?: PerClient<Readonly<Record<string, string | GraphqlOperation>>>;
}

/** What it remembers of a connection. */
export interface GraphqlTransportWsState extends Asked {
  isAcknowledged: boolean;
  /** Its subscriptions that live, by name: whether they have had data. */
  live: Map<string, boolean>;
  /** A ping after the subscriptions waits for its pong. */
  hasPinged: boolean;
  /** Requests that end with their first `next`, by `n`, and those that this side has ended before the server did. Made when first needed. */
  ending?: Map<number, 'first' | 'ended'>;
}

/** Operations that are remembered at most: what is never answered must not pile up for hours. */
const REMEMBERED = 100;

/**
 * The sub-protocol graphql-transport-ws, as graphql-ws and Apollo Server speak it (not the older `graphql-ws` of subscriptions-transport-ws).
 *
 * Ready: acknowledged, and with subscriptions a ping after them is answered, since they are not acknowledged themselves. Answered: `complete`; with `reply: 'first'`
 * the first `next`. Push: `next` of a subscription, by the subscription's name.
 */
export function graphqlTransportWs(options: GraphqlTransportWsOptions = {}): Conversation<GraphqlTransportWsState> {
  check(
    {
      maker: 'graphqlTransportWs',
      options: {
        payload: ['object function', '({ user }) => ({ token: user.token })'],
        subscriptions: ['object function', "{ posts: 'subscription { posts }' }"],
        heartbeat: ['boolean', 'false'],
      },
      kind: {
        query: ['string function', "'{ hello }'"],
        variables: ['object function', "{ name: 'ann' }"],
        operationName: ['string', "'Hello'"],
      },
    },
    options,
  );
  for (const [name, { query, reply }] of Object.entries(options.requests ?? {})) {
    if (query === undefined) {
      throw new Error(
        `graphqlTransportWs: the request "${name}" has no query; one is needed, such as query: '{ hello }'.`,
      );
    }
    if ((reply as string) === 'none') {
      throw new Error(
        `graphqlTransportWs: reply of the request "${name}" is "none", but each operation is answered; 'answered' or 'first' is needed.`,
      );
    }
  }
  /** A query without text would be refused by the server, in words about something else. */
  const operationOf = (name: string, given: string | GraphqlOperation): GraphqlOperation => {
    const operation = typeof given === 'string' ? { query: given } : given;
    if (typeof operation?.query === 'string') return operation;
    throw new Error(
      `graphqlTransportWs: the subscription "${name}" has no query; a text or an object is needed, such as { query: 'subscription { posts }' }.`,
    );
  };
  if (typeof options.subscriptions === 'object') {
    for (const [name, operation] of Object.entries(options.subscriptions)) operationOf(name, operation);
  }
  /** Requests have their number as id, subscriptions this and their name. */
  const SUBSCRIPTION = 'subscription ';

  const acknowledged = (session: Session<GraphqlTransportWsState>): void => {
    session.state.isAcknowledged = true;
    const subscriptions = Object.entries(forClient(options.subscriptions ?? {}, session));
    for (const [name, operation] of subscriptions) {
      const payload = operationOf(name, operation);
      session.state.live.set(name, false);
      session.send(JSON.stringify({ id: `${SUBSCRIPTION}${name}`, type: 'subscribe', payload }));
    }
    if (subscriptions.length === 0) session.ready();
    else {
      session.state.hasPinged = true;
      session.send('{"type":"ping"}');
    }
  };

  /** The first error's message, which servers put into a list. */
  const wordOf = (errors: Said): string => errors?.[0]?.message ?? errors?.message ?? 'error';

  const hasErrors = (payload: Said): boolean => payload?.errors?.length > 0;

  const toSubscription = (session: Session<GraphqlTransportWsState>, said: Said, frame: string): void => {
    const name = said.id.slice(SUBSCRIPTION.length);
    const { live } = session.state;
    const hadData = live.get(name);
    if (hadData === undefined) return;
    const { type, payload } = said;
    if (type !== 'next') {
      live.delete(name);
      if (type === 'error') session.fail(wordOf(payload));
      // What it was to listen to has ended.
      else session.pushed(`${name} complete`);
    } else if (!hasErrors(payload)) {
      if (!hadData) live.set(name, true);
      if (!session.delivered(frame)) session.pushed(name);
    } else if (hadData || (payload.data ?? null) !== null) {
      live.set(name, true);
      session.pushed(`${name} errors`);
    }
    // How servers tell what the subscription's resolver threw.
    else session.fail(wordOf(payload.errors));
  };

  const remember = (state: GraphqlTransportWsState, n: number, as: 'first' | 'ended'): void => {
    state.ending ??= new Map();
    state.ending.set(n, as);
    if (state.ending.size > REMEMBERED) state.ending.delete(state.ending.keys().next().value as number);
  };

  const toRequest = (session: Session<GraphqlTransportWsState>, said: Said): void => {
    const { state } = session;
    const n = Number(said.id);
    const ending = state.ending?.get(n);
    if (said.type !== 'next') {
      state.ending?.delete(n);
      state.refusals?.delete(n);
      // Both sides have ended it at once.
      if (ending === 'ended') session.expected();
      else if (said.type === 'error') session.refused(n, wordOf(said.payload));
      else session.answered(n);
      return;
    }
    if (ending === 'ended') {
      session.expected();
      return;
    }
    const refused = state.refusals?.get(n);
    const word = hasErrors(said.payload) ? wordOf(said.payload.errors) : (refused?.(said.payload) ?? undefined);
    if (word === undefined) session.partly(n);
    else session.refused(n, word as string);
    if (ending === undefined) return;
    // Over for this side, so the server is not to go on with it. Also one that has timed out meanwhile.
    state.refusals?.delete(n);
    remember(state, n, 'ended');
    session.send(JSON.stringify({ id: said.id, type: 'complete' }));
  };

  return {
    handshake: () => ({ protocols: ['graphql-transport-ws'] }),
    begin: () => ({ isAcknowledged: false, live: new Map(), hasPinged: false }),

    opened(session) {
      const payload = options.payload === undefined ? undefined : forClient(options.payload, session);
      session.send(JSON.stringify({ type: 'connection_init', payload }));
    },

    received(session, frame) {
      if (typeof frame !== 'string') return;
      const said = parsed(frame);
      switch (said?.type) {
        case 'connection_ack':
          if (!session.state.isAcknowledged) acknowledged(session);
          return;
        case 'ping':
          if (options.heartbeat !== false) session.send('{"type":"pong"}');
          return session.expected();
        case 'pong':
          if (session.state.hasPinged) session.ready();
          return session.expected();
        case 'next':
        case 'error':
        case 'complete':
          if (typeof said.id !== 'string') return;
          if (said.id.startsWith(SUBSCRIPTION)) toSubscription(session, said, frame);
          else toRequest(session, said);
      }
    },

    ...requestsOf<GraphqlRequest, GraphqlTransportWsState>(options, (kind, _name, session, n, fill) => {
      const variables = kind.variables === undefined ? undefined : fill(kind.variables);
      if (variables === null) return null;
      if (kind.reply === 'first') remember(session.state, n, 'first');
      const { operationName } = kind;
      const payload = { query: forClient(kind.query, session), variables, operationName };
      return JSON.stringify({ id: String(n), type: 'subscribe', payload });
    }),

    goodbye(session) {
      for (const name of session.state.live.keys()) {
        session.send(JSON.stringify({ id: `${SUBSCRIPTION}${name}`, type: 'complete' }));
      }
      // Nothing is answered to it.
      session.done();
    },

    closed(code, reason) {
      // The server's own words go before these.
      if (reason !== '') return undefined;
      const words: Record<number, string> = {
        4400: 'invalid message',
        4401: 'unauthorized',
        4403: 'forbidden',
        4406: 'sub-protocol not acceptable',
        4408: 'login timeout',
        4409: 'id used twice',
        4429: 'too many logins',
        4500: 'server error',
      };
      return words[code];
    },
  };
}
