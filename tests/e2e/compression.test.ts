import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { afterwards, PASSED, SCENARIOS, TARGET_MISSED } from './cases.ts';
import { runK6 } from './helpers.ts';

const DECLINED = 'compression was asked for, the server declined it';

/** An echo server, and how many of its connections compress. */
async function echo(compresses: boolean) {
  const counts = { open: 0, compressed: 0 };
  // k6 takes no context over, and wants none from the server.
  const deflate = { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: 0 };
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: compresses && deflate });
  afterwards(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on('connection', (socket) => {
    counts.open += 1;
    if (socket.extensions.includes('permessage-deflate')) counts.compressed += 1;
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await once(server, 'listening');
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, counts };
}

describe.each(SCENARIOS)('WS_COMPRESSION over $scenario', ({ scenario }) => {
  it.each([
    { asked: 'true', compresses: true, told: false },
    { asked: 'true', compresses: false, told: true },
    { asked: 'false', compresses: false, told: false },
  ])('$asked, at a server that compresses ($compresses), is told as declined: $told', async (test) => {
    const { url, counts } = await echo(test.compresses);
    const { exitCode, summary, stdout } = await runK6({
      scenario,
      env: {
        WS_PROFILE: 'smoke',
        WS_URL: url,
        WS_CONNECTIONS: '20',
        WS_HOLD: '1s',
        WS_MESSAGE_INTERVAL: '300ms',
        WS_COMPRESSION: test.asked,
      },
    });
    expect(exitCode, stdout).toBe(PASSED);
    expect(counts).toEqual({ open: 20, compressed: test.compresses ? 20 : 0 });
    expect(summary?.details).toEqual(test.told ? { [DECLINED]: 20 } : {});
    expect(/switch\s+permessage-deflate\s+on/.test(stdout)).toBe(test.told);
  });

  it('at a server whose terms k6 cannot take is told as just that', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    afterwards(() => server.close());
    server.on('headers', (headers) => headers.push('Sec-WebSocket-Extensions: permessage-deflate'));
    await once(server, 'listening');
    const WS_URL = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const env = { WS_PROFILE: 'smoke', WS_URL, WS_CONNECTIONS: '20', WS_HOLD: '1s', WS_COMPRESSION: 'true' };
    const { exitCode, summary } = await runK6({ scenario, env });
    expect(summary?.connections.failed).toEqual({ bad_handshake: 20 });
    expect(summary?.details).toEqual({ 'websocket: invalid compression negotiation': 20 });
    expect(exitCode).toBe(TARGET_MISSED);
  });
});
