// The benchmark's socket.io: an event of 64 bytes, as large as echo's message, which the server acknowledges with its text.
import type { Makers } from '../lib/conversation/makers.ts';

const TEXT = 'x'.repeat(50);

export default ({ socketIo }: Makers) =>
  socketIo({
    auth: ({ user }) => ({ token: user['token'] ?? '' }),
    requests: { echo: { args: () => [TEXT] } },
  });
