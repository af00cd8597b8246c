import { serveSpoken } from './serve.mjs';

/**
 * Echoes, and gives each client without a cookie one, as a load balancer does that sends who comes back to the same
 * server, and as a server does for its sessions. A client with the cookie of another takes its session over.
 */
export function startIdentities() {
  let given = 0;
  return serveSpoken(
    (peer, tally) => {
      tally(peer.request.headers.cookie === undefined ? 'new identities' : 'known identities');
      return (data) => {
        tally('received');
        peer.send(String(data));
      };
    },
    {
      headers: (headers) => {
        given += 1;
        headers.push(`Set-Cookie: route=node-${given}; Path=/`, `Set-Cookie: session=${given}; Path=/; HttpOnly`);
      },
    },
  );
}
