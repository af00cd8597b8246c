import { serveSpoken } from './serve.mjs';

/**
 * Echoes to who has logged in: GET /login gives a session as a cookie. Who comes to the login with the session of another
 * is `mixed up`, and so is a second connection of one session.
 */
export function startCookieLogin() {
  const sessions = new Set();
  return serveSpoken(
    (peer, tally) => {
      const { cookie = '' } = peer.request.headers;
      if (!sessions.delete(cookie)) {
        tally('mixed up');
        peer.end(4401, 'no session of its own');
        return () => {};
      }
      tally('sessions');
      return (data) => {
        tally('received');
        peer.send(String(data));
      };
    },
    {
      answers: (request, response, tally) => {
        tally(request.headers.cookie === undefined ? 'logins' : 'mixed up');
        const session = `session=${sessions.size}-${Math.random()}`;
        sessions.add(session);
        response.setHeader('Set-Cookie', `${session}; Path=/; HttpOnly`).end('welcome');
      },
    },
  );
}
