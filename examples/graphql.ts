import type { Makers } from 'k6-websocket-concurrency';

/** Each holds a subscription; queries are answered by `complete`, errors in a payload are refusals by themselves. */
export default ({ graphqlTransportWs }: Makers) =>
  graphqlTransportWs({
    payload: ({ user }) => ({ token: user['token'] ?? 'none' }),
    subscriptions: { posts: 'subscription { posts }' },
    requests: {
      hello: {
        query: 'query ($name: String) { hello(name: $name) }',
        variables: ({ index }, n) => ({ name: `${index}-${n}` }),
      },
    },
  });
