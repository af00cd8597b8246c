import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTargetServer } from '../../scripts/target-server.mjs';

async function start(options: Parameters<typeof startTargetServer>[0] = {}) {
  const server = await startTargetServer(options);
  onTestFinished(() => server.close());
  return server;
}

async function open(url: string, protocols: string[] = []): Promise<WebSocket> {
  const client = new WebSocket(url, protocols);
  await once(client, 'open');
  return client;
}

async function close(client: WebSocket, code?: number): Promise<void> {
  client.close(code);
  await once(client, 'close');
}

async function echo(client: WebSocket, data: string | Buffer): Promise<[Buffer, boolean]> {
  const reply = once(client, 'message');
  client.send(data);
  return (await reply) as [Buffer, boolean];
}

describe('/metrics', () => {
  const PROCESS = ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'process_start_time_seconds'];
  const LAG = ['mean', 'p99', 'max'].map((stat) => `nodejs_eventloop_lag_${stat}_seconds`);

  test('tells memory, CPU, open files, and from the second time on the lag, as Prometheus reads it', async () => {
    const address = new URL('/metrics', (await start()).url.replace('ws', 'http'));
    await fetch(address);
    const response = await fetch(address);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    const values = Object.fromEntries(
      [...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
    );
    const files = process.platform === 'linux' ? ['process_open_fds'] : [];
    expect(Object.keys(values).sort()).toEqual(expect.arrayContaining([...PROCESS, ...files].sort()));
    expect(values['process_resident_memory_bytes']).toBeGreaterThan(10e6);
    expect(values['process_cpu_seconds_total']).toBeGreaterThan(0);
    for (const name of LAG) if (values[name] !== undefined) expect(values[name]).toBeGreaterThanOrEqual(0);
    for (const name of Object.keys(values)) expect(text).toMatch(new RegExp(`^# TYPE ${name} (counter|gauge)$`, 'm'));
  });
});

describe('echo', () => {
  test('text comes back as text', async () => {
    const client = await open((await start()).url);
    const [data, isBinary] = await echo(client, 'grüße');
    expect([data.toString(), isBinary]).toEqual(['grüße', false]);
  });

  test('binary comes back as binary', async () => {
    const client = await open((await start()).url);
    const [data, isBinary] = await echo(client, Buffer.from([0, 255, 128]));
    expect([[...data], isBinary]).toEqual([[0, 255, 128], true]);
  });

  test('a delayed reply is received first and answered later', async () => {
    const server = await start({ delayMs: 40 });
    const client = await open(server.url);
    const sentMs = performance.now();
    await echo(client, 'x');
    // Only the lower bound says anything on a busy machine; a timer may fire 1 ms early.
    expect(performance.now() - sentMs).toBeGreaterThanOrEqual(39);
    expect(server.stats()).toMatchObject({ received: 1, answered: 1 });
  });

  test('a reply that is due after its connection has gone is not counted as answered', async () => {
    const server = await start({ delayMs: 20 });
    const client = await open(server.url);
    client.send('never answered');
    await close(client);
    const other = await open(server.url);
    await echo(other, 'answered later than the first was due');
    expect(server.stats()).toMatchObject({ received: 2, answered: 1 });
  });
});

describe('counts', () => {
  test('accepted, open, peak and closed balance, with the close codes', async () => {
    const server = await start();
    const clients = [await open(server.url), await open(server.url), await open(server.url)];
    await close(clients[0] as WebSocket, 1000);
    await close(clients[1] as WebSocket);
    const late = await open(server.url);
    await echo(late, 'all of the above has reached the server');
    expect(server.stats()).toEqual({
      accepted: 4,
      refused: 0,
      open: 2,
      peakOpen: 3,
      closed: 2,
      closeCodes: { 1000: 1, 1005: 1 },
      received: 1,
      answered: 1,
      errors: 0,
    });
  });

  test('a connection that is cut off is closed with 1006', async () => {
    const server = await start();
    (await open(server.url)).terminate();
    await expect.poll(server.stats).toMatchObject({ open: 0, closed: 1, closeCodes: { 1006: 1 } });
  });

  test('a frame against the protocol is counted as an error and harms nobody else', async () => {
    const server = await start();
    const client = await open(server.url);
    const socket = (client as unknown as { _socket: NodeJS.WritableStream })._socket;
    client.on('error', () => {});
    // Unmasked, which RFC 6455, 5.1 forbids to a client.
    socket.write(Buffer.from([0x81, 0x01, 0x78]));
    await once(client, 'close');
    expect(server.stats()).toMatchObject({ errors: 1, open: 0 });
    await echo(await open(server.url), 'still there');
  });

  test('/stats gives them over HTTP, and anything else says what this is', async () => {
    const server = await start();
    await echo(await open(server.url), 'x');
    const http = server.url.replace(/^ws/, 'http');
    expect(await (await fetch(`${http}stats`)).json()).toEqual(server.stats());
    expect((await fetch(http)).status).toBe(426);
  });

  test('arrivals are kept in order, one for each accepted connection, and only if asked for', async () => {
    const server = await start({ arrivals: true, maxConnections: 2 });
    await open(server.url);
    await open(server.url);
    await expect(open(server.url)).rejects.toThrow('503');
    const { arrivalsMs } = server.stats();
    expect(arrivalsMs).toHaveLength(2);
    expect(arrivalsMs?.[0]).toBeGreaterThanOrEqual(0);
    expect(arrivalsMs?.[1]).toBeGreaterThan(arrivalsMs?.[0] as number);
    expect((await start()).stats()).not.toHaveProperty('arrivalsMs');
  });
});

describe('handshake', () => {
  test('more connections than the maximum are refused with 503, and let in again when one has left', async () => {
    const server = await start({ maxConnections: 1 });
    const first = await open(server.url);
    await expect(open(server.url)).rejects.toThrow('503');
    await close(first);
    await expect.poll(() => server.stats().open).toBe(0);
    await open(server.url);
    expect(server.stats()).toMatchObject({ accepted: 2, refused: 1, peakOpen: 1 });
  });

  test('the sub-protocol asked for is agreed to, another is not', async () => {
    const server = await start({ subprotocol: 'chat.v2' });
    expect((await open(server.url, ['chat.v1', 'chat.v2'])).protocol).toBe('chat.v2');
    await expect(open(server.url, ['chat.v1'])).rejects.toThrow('Server sent no subprotocol');
  });

  test('compression is off unless asked for', async () => {
    expect((await open((await start()).url)).extensions).toBe('');
    expect((await open((await start({ compression: true })).url)).extensions).toBe('permessage-deflate');
  });
});

describe('life', () => {
  test('a taken port is an error with its code', async () => {
    const { port } = await start();
    await expect(startTargetServer({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('close tells the clients and frees the port', async () => {
    const server = await startTargetServer();
    const client = await open(server.url);
    const closed = once(client, 'close');
    await server.close();
    expect((await closed)[0]).toBe(1001);
    const probe = connect(server.port, '127.0.0.1');
    expect((await once(probe, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('the address for clients is one that they can use', async () => {
    const everywhere = await start({ host: '0.0.0.0' });
    expect(everywhere.url).toBe(`ws://127.0.0.1:${everywhere.port}/`);
    await open(everywhere.url);
  });
});
