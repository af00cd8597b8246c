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

/** One call of a method. */
export interface JsonRpcCall {
  method: string;
  params?: unknown[] | Record<string, unknown>;
}

/** A call; with `reply: 'none'` a notification, which no server answers; with `batch` several calls in one frame. */
export interface JsonRpcRequest extends Ask {
  /** Default: the name of the kind. */
  method?: PerClient<string>;
  /** Default none. */
  params?: PerRequest<unknown[] | Record<string, unknown>>;
  /** In place of method and params: calls sent as one batch, answered when each of them is, refused with the first that is refused. */
  batch?: PerRequest<readonly JsonRpcCall[]>;
}

/** The options of `jsonRpc`. `refused` gets the `result`; an `error` is a refusal in any case. */
export interface JsonRpcOptions extends Omit<CommonOptions<JsonRpcRequest>, 'heartbeat'> {
  /** A call to log in with. Refused by an error, by `result: false`, or by `refused`. Default none: ready at once. */
  login?: PerClient<JsonRpcCall>;
  /** Calls that subscribe to something, made after the login; ready when all are answered. Default none. */
  subscriptions?: PerClient<readonly JsonRpcCall[]>;
}

/** Calls of one frame: request `n`, or for 0 the login and the subscriptions. */
interface Calls {
  n: number;
  left: number;
  refused: boolean;
}

/** What it remembers of a connection. */
export interface JsonRpcState extends Asked {
  /** Ids count from 1, since some servers take 0 for none, and apart from `n`, since a batch takes several. */
  lastId: number;
  open: Map<number, Calls>;
  loggedIn: boolean;
}

/** Ids that are remembered at most: what is never answered must not pile up for hours. */
const OPEN_IDS = 10_000;

/**
 * JSON-RPC 2.0, one message or batch a frame.
 *
 * Ready: login and subscriptions are answered; at once where there are none. Answered: a result with the id of the call. Push: a message with a method
 * and no id (or with `notification`, as rpc-websockets says it), by that name. The protocol knows no heartbeat and no goodbye.
 */
export function jsonRpc(options: JsonRpcOptions = {}): Conversation<JsonRpcState> {
  check(
    {
      maker: 'jsonRpc',
      options: {
        login: ['object function', "{ method: 'login', params: ['token'] }"],
        subscriptions: ['list function', "[{ method: 'subscribe' }]"],
      },
      kind: {
        method: ['string function', "'sum'"],
        params: ['object list function', '[1, 2]'],
        batch: ['list function', "[{ method: 'sum' }, { method: 'echo' }]"],
      },
    },
    options,
  );

  /** The message of a call; without id a notification. */
  const message = (given: JsonRpcCall, id?: number, what = 'a call'): object => {
    const { method, params } = Object(given) as JsonRpcCall;
    if (typeof method !== 'string') {
      throw new Error(`jsonRpc: ${what} has no method; a text is needed, such as { method: 'sum', params: [1, 2] }.`);
    }
    if (params === null || !['object', 'undefined'].includes(typeof params)) {
      const is = params === null ? 'null' : typeof params;
      throw new Error(
        `jsonRpc: params of ${what}, method ${JSON.stringify(method)}, is ${is}; an object or a list is needed, such as [1, 2].`,
      );
    }
    return { jsonrpc: '2.0', id, method, params };
  };

  const { login, subscriptions } = options;
  if (typeof login === 'object') message(login, 0, 'login');
  if (Array.isArray(subscriptions)) for (const each of subscriptions) message(each, 0, 'a call of subscriptions');
  for (const [name, { batch }] of Object.entries(options.requests ?? {})) {
    if (Array.isArray(batch)) for (const each of batch) message(each, 0, `a call of the request "${name}"`);
  }

  const call = (state: JsonRpcState, calls: Calls, given: JsonRpcCall): object => {
    state.lastId += 1;
    state.open.set(state.lastId, calls);
    if (state.open.size > OPEN_IDS) state.open.delete(state.open.keys().next().value as number);
    return message(given, state.lastId);
  };

  const prepare = (session: Session<JsonRpcState>, wanted: readonly JsonRpcCall[]): void => {
    if (wanted.length === 0) session.ready();
    const calls = { n: 0, left: wanted.length, refused: false };
    for (const each of wanted) session.send(JSON.stringify(call(session.state, calls, each)));
  };

  const subscribe = (session: Session<JsonRpcState>): void => {
    session.state.loggedIn = true;
    prepare(session, forClient(options.subscriptions ?? [], session));
  };

  const wordOf = (error: Said): string => error.message ?? error.code ?? 'error';

  const answered = (session: Session<JsonRpcState>, id: number, message: Said): void => {
    const { state } = session;
    const calls = state.open.get(id);
    // Not asked, or answered before.
    if (calls === undefined) return;
    state.open.delete(id);
    calls.left -= 1;
    const { n } = calls;
    const refused = n === 0 ? options.refused : state.refusals?.get(n);
    const word: Said = message.error ? wordOf(message.error) : (refused?.(message.result) ?? undefined);
    if (calls.left === 0) state.refusals?.delete(n);
    if (n === 0) {
      if (word !== undefined) session.fail(word);
      else if (!state.loggedIn && message.result === false) session.fail('login answered with false');
      else if (calls.left > 0) session.expected();
      else if (state.loggedIn) session.ready();
      else subscribe(session);
    } else if (word !== undefined && !calls.refused) {
      calls.refused = true;
      session.refused(n, word);
    } else if (calls.left === 0 || calls.refused) session.answered(n);
    else session.partly(n);
  };

  const heard = (session: Session<JsonRpcState>, said: Said, text: string): void => {
    const name = said?.method ?? said?.notification;
    const hasId = (said?.id ?? null) !== null;
    const isReply = said?.result !== undefined || said?.error;
    // Some servers repeat the method in their reply.
    if (typeof name === 'string' && !(isReply && hasId)) {
      // With an id it is a call of the server's, whose ids are not ours.
      if (hasId) {
        const error = { code: -32601, message: 'Method not found' };
        session.send(JSON.stringify({ jsonrpc: '2.0', id: said.id, error }));
      }
      if (!session.delivered(text)) session.pushed(name);
    } else if (hasId && isReply) answered(session, said.id, said);
    // What the server could not read. Before ready that is the login or a subscription: nothing else was sent.
    else if (said?.error && [...session.state.open.values()].some(({ n }) => n === 0)) session.fail(wordOf(said.error));
  };

  return {
    begin: () => ({ lastId: 0, open: new Map(), loggedIn: options.login === undefined }),

    ...(options.login === undefined && options.subscriptions === undefined
      ? {}
      : {
          opened(session) {
            if (options.login === undefined) subscribe(session);
            else prepare(session, [forClient(options.login, session)]);
          },
        }),

    received(session, frame) {
      if (typeof frame !== 'string') return;
      const said = parsed(frame);
      if (!Array.isArray(said)) return heard(session, said, frame);
      for (const each of said) heard(session, each, JSON.stringify(each));
    },

    ...requestsOf<JsonRpcRequest, JsonRpcState>(options, (kind, name, session, n, fill) => {
      const { state } = session;
      if (kind.batch !== undefined) {
        const batch = fill(kind.batch);
        if (batch === null || batch.length === 0) return null;
        if (kind.reply === 'none') return JSON.stringify(batch.map((each) => message(each)));
        const calls = { n, left: batch.length, refused: false };
        return JSON.stringify(batch.map((each) => call(state, calls, each)));
      }
      const params = kind.params === undefined ? undefined : fill(kind.params);
      if (params === null) return null;
      const method = forClient(kind.method ?? name, session);
      const given = { method, ...(params !== undefined && { params }) };
      if (kind.reply === 'none') return JSON.stringify(message(given));
      return JSON.stringify(call(state, { n, left: 1, refused: false }, given));
    }),
  };
}
