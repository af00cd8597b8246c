import type { Client, Makers } from 'k6-websocket-concurrency';

/** Each listens to the topic of its ten and publishes at qos 1 what is to reach all ten, and at qos 0 what nobody answers. */
export default ({ mqtt }: Makers) => {
  const topic = ({ index }: Client) => `room/${Math.floor(index / 10)}`;
  return mqtt({
    topics: (client) => [topic(client)],
    keepAliveSeconds: 30,
    requests: {
      say: { topic, payload: (_session, _n, stamp) => ({ stamp }), reach: 10 },
      reading: { topic: ({ index }) => `sensor/${index}`, payload: { celsius: 21 }, qos: 0 },
    },
  });
};
