import type { Client, Makers } from 'k6-websocket-concurrency';

/** Rooms of ten people; what one says to the room is to reach all ten, so take a multiple of ten connections. */
export default ({ socketIo }: Makers) => {
  const room = ({ index }: Client) => `room ${Math.floor(index / 10)}`;
  return socketIo({
    auth: ({ user }) => ({ token: user['token'] ?? 'none' }),
    rooms: (client) => [room(client)],
    refused: ([answer]) => (answer?.status === 'error' ? answer.reason : undefined),
    requests: {
      echo: { weight: 3, args: (_session, n) => [`message ${n}`] },
      say: { reach: 10, args: (session, _n, stamp) => [room(session), stamp] },
    },
  });
};
