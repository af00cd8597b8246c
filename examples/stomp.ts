import type { Client, Makers } from 'k6-websocket-concurrency';

/** Each listens to the topic of its ten and sends it what is to reach all ten; the broker's receipt is the answer. */
export default ({ stomp }: Makers) => {
  const destination = ({ index }: Client) => `/topic/room.${Math.floor(index / 10)}`;
  return stomp({
    username: ({ user }) => user['name'] ?? 'guest',
    password: ({ user }) => user['password'] ?? 'guest',
    destinations: (client) => [destination(client)],
    requests: { say: { destination, payload: (_session, _n, stamp) => ({ stamp }), reach: 10 } },
  });
};
