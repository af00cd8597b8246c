import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * One address before several servers: each connection goes to the next of them that is there; with it go its end and its reset.
 *
 * @param {number[]} ports On 127.0.0.1.
 */
export async function startBalancer(ports) {
  let turn = 0;
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer((client) => {
    sockets.add(client);
    client.on('close', () => sockets.delete(client));
    client.on('error', () => {});
    client.pause();
    forward(client, ports.length);
  });

  /** @type {(client: import('node:net').Socket, tries: number) => void} */
  function forward(client, tries) {
    if (tries === 0) {
      client.destroy();
      return;
    }
    const backend = connect(/** @type {number} */ (ports[turn % ports.length]), '127.0.0.1');
    turn += 1;
    let isUp = false;
    backend.on('connect', () => {
      isUp = true;
      client.pipe(backend);
      backend.pipe(client);
      client.on('close', () => backend.destroy());
    });
    backend.on('error', () => {});
    backend.on('close', () => {
      if (isUp) client.destroy();
      else forward(client, tries - 1);
    });
  }

  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `ws://127.0.0.1:${port}/`,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
