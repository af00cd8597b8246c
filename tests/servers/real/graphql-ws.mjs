// A GraphQL server of graphql-ws on ws that counts by its own hooks. `node tests/servers/real/graphql-ws.mjs 3000`; see serve.mjs.
import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { runAsScript } from '../../../scripts/lib/exit-error.mjs';
import { listening, noCounts, serving } from './serve.mjs';

const SCHEMA = buildSchema(`
  type Query { hello(name: String): String, boom: String }
  type Mutation { post(text: String!): Boolean }
  type Subscription { posts: String, greetings: String }
`);

/**
 * Refuses a `connection_init` whose payload has the token `wrong`. With `pingMs` it sends a ping that often, but none while the last one has had no pong, and closes with 4499 after `pongMs` without it.
 *
 * @param {object} [options]
 * @param {number} [options.port]
 * @param {number} [options.pingMs]
 * @param {number} [options.pongMs]
 * @returns {Promise<import('./serve.mjs').RealServer>}
 */
export async function start({ port = 0, pingMs, pongMs = 2_000 } = {}) {
  const counts = noCounts();
  /** @type {Set<(text: string) => void>} */
  const subscribers = new Set();
  const roots = {
    query: {
      hello: ({ name }) => `world ${name}`,
      boom: () => {
        throw new Error('boom');
      },
    },
    mutation: {
      post: ({ text }) => {
        counts.deliveries += subscribers.size;
        for (const deliver of subscribers) deliver(text);
        return true;
      },
    },
    subscription: {
      async *greetings() {
        for (const greetings of ['Hi', 'Bonjour', 'Hola']) yield { greetings };
      },
      posts: () => posts(subscribers),
    },
  };
  const http = createServer();
  const ws = new WebSocketServer({ server: http, path: '/graphql' });
  /** @type {WeakMap<import('ws').WebSocket, number>} */
  const owing = new WeakMap();
  const graphql = useServer(
    {
      schema: SCHEMA,
      roots,
      onConnect: ({ connectionParams, extra: { socket } }) => {
        if (connectionParams?.['token'] === 'wrong') {
          counts.loginsRefused += 1;
          return false;
        }
        counts.logins += 1;
        if (pingMs !== undefined) watchPongs(socket, owing, pingMs, pongMs);
        return true;
      },
      onPong: ({ extra: { socket } }) => {
        owing.delete(socket);
      },
      onError: () => {
        counts.refused += 1;
      },
      onNext: (_context, _id, _payload, args, result) => {
        if (/^\s*subscription\b/.test(String(args.document.loc?.source.body))) return;
        counts[result.errors ? 'refused' : 'requests'] += 1;
      },
    },
    ws,
  );
  ws.on('connection', (socket) => {
    counts.open += 1;
    socket.on('close', () => {
      counts.open -= 1;
    });
  });
  return listening(
    http,
    port,
    counts,
    async () => {
      await graphql.dispose();
      for (const socket of ws.clients) socket.terminate();
    },
    '/graphql',
  );
}

/** What is posted from now on. */
function posts(subscribers) {
  const queue = [];
  let wake = () => {};
  const deliver = (text) => {
    queue.push({ posts: text });
    wake();
  };
  subscribers.add(deliver);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (queue.length === 0) {
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
      return { done: false, value: queue.shift() };
    },
    async return() {
      subscribers.delete(deliver);
      return { done: true, value: undefined };
    },
  };
}

/**
 * @param {import('ws').WebSocket} socket
 * @param {WeakMap<import('ws').WebSocket, number>} owing Who owes a pong, and since when.
 * @param {number} pingMs
 * @param {number} pongMs
 */
function watchPongs(socket, owing, pingMs, pongMs) {
  const timer = setInterval(() => {
    const since = owing.get(socket);
    if (since === undefined) {
      owing.set(socket, performance.now());
      socket.send('{"type":"ping"}');
    } else if (performance.now() - since > pongMs) socket.close(4499, 'no pong');
  }, pingMs);
  socket.on('close', () => clearInterval(timer));
}

await runAsScript(import.meta.url, serving(start));
