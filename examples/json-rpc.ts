import type { Makers } from 'k6-websocket-concurrency';

/** Logs in with the token of its user, subscribes to `said`, and calls; each fourth time two methods in one batch. */
export default ({ jsonRpc }: Makers) =>
  jsonRpc({
    login: ({ user }) => ({ method: 'rpc.login', params: { token: user['token'] ?? 'none' } }),
    subscriptions: [{ method: 'rpc.on', params: ['said'] }],
    requests: {
      sum: { weight: 3, params: ({ index }, n) => [index, n] },
      both: { batch: (_session, n) => [1, 2].map((part) => ({ method: 'sum', params: [n, part] })) },
    },
  });
