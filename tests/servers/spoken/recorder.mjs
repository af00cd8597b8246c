import { serveSpoken } from './serve.mjs';

/**
 * Echoes, and keeps what each handshake said of its client.
 *
 * @returns {Promise<import('./serve.mjs').Spoken & { clients: () => { url: string, headers: import('node:http').IncomingHttpHeaders }[] }>}
 */
export async function startRecorder() {
  /** @type {{ url: string, headers: import('node:http').IncomingHttpHeaders }[]} */
  const clients = [];
  const server = await serveSpoken(
    (peer, tally) => {
      const { url = '', headers } = peer.request;
      clients.push({ url, headers });
      return (data) => {
        tally('received');
        peer.send(String(data));
      };
    },
    { subprotocol: (offered) => [...offered][0] ?? false },
  );
  return { ...server, clients: () => clients };
}
