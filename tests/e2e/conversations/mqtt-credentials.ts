// MQTT with name and password of the connection's user.
import type { Makers } from '../../../lib/conversation/makers.ts';

export default ({ mqtt }: Makers) =>
  mqtt({
    username: ({ user }) => user['name'] ?? 'none',
    password: ({ user }) => user['password'] ?? 'none',
    requests: { say: { topic: 'hello', payload: 'hello' } },
  });
