import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type Behaviour, shares } from './behaviour.mjs';
import { forkFaultServer } from './fault-process.mjs';
import { startFaultServer } from './fault-server.mjs';
import { ownPort } from './own-port.mjs';

type Server = Awaited<ReturnType<typeof startFaultServer>>;
let server: Server;
afterEach(() => server?.close());

async function serve(...script: Behaviour[]): Promise<Server> {
  server = await startFaultServer({ script });
  return server;
}

/** The error of a connection that must not open. */
async function failure(url: string): Promise<string> {
  const client = new WebSocket(url);
  const [error] = (await once(client, 'error')) as [Error];
  return error.message;
}

/** An open client and the texts and pings it gets, in order. */
async function open(url: string) {
  const client = new WebSocket(url);
  const frames: string[] = [];
  const changed: (() => void)[] = [];
  const add = (text: string) => {
    frames.push(text);
    for (const check of changed) check();
  };
  client.on('message', (data, binary) => add(`${binary ? 'binary ' : ''}${data}`));
  client.on('ping', (data) => add(`ping ${data}`));
  client.on('error', () => {});
  const closed = once(client, 'close') as Promise<[number, Buffer]>;
  await once(client, 'open');
  const until = (count: number) =>
    new Promise<string[]>((resolve) => {
      const check = () => frames.length >= count && resolve(frames);
      changed.push(check);
      check();
    });
  return { client, closed, until };
}

describe('the fault server in the handshake', () => {
  it.each<[Behaviour['handshake'], RegExp]>([
    [{ kind: 'status', status: 429 }, /429/],
    [{ kind: 'wrongAcceptKey' }, /Sec-WebSocket-Accept/],
    [{ kind: 'garbage' }, /Parse Error/],
    [{ kind: 'resetOnConnect' }, /ECONNRESET/],
    [{ kind: 'resetOnRequest' }, /ECONNRESET/],
    [{ kind: 'resetInResponse' }, /ECONNRESET|hang up|Parse Error/],
    [{ kind: 'endOnRequest' }, /hang up/],
  ])('%j', async (handshake, message) => {
    const { url, counts } = await serve({ handshake } as Behaviour);
    expect(await failure(url)).toMatch(message);
    expect(counts()).toMatchObject({ accepted: 1, handshakes: 0, open: 0 });
  });

  it('hangs', async () => {
    const { url, until, counts } = await serve({ handshake: { kind: 'hang' } });
    const client = new WebSocket(url).on('error', () => {});
    await until((now) => now.hung === 1);
    expect(counts().handshakes).toBe(0);
    client.terminate();
  });

  it('answers after a delay: later than one that came after it', async () => {
    const { url, until } = await serve({ handshake: { kind: 'accept', delayMs: 1_500 } }, {});
    const order: string[] = [];
    const delayed = once(
      new WebSocket(url).on('open', () => order.push('delayed')),
      'open',
    );
    await until((now) => now.accepted === 1);
    await Promise.all([
      delayed,
      once(
        new WebSocket(url).on('open', () => order.push('prompt')),
        'open',
      ),
    ]);
    expect(order).toEqual(['prompt', 'delayed']);
  });

  it('gives each connection its share of the script', async () => {
    const { url, counts } = await serve(
      ...shares(
        [2, { handshake: { kind: 'status', status: 401 } }],
        [1, { handshake: { kind: 'status', status: 503 } }],
      ),
    );
    for (const status of [401, 401, 503, 401]) expect(await failure(url)).toMatch(String(status));
    expect(counts().refused).toEqual({ 401: 3, 503: 1 });
  });

  it('refuses where nobody listens, and after the last connection it is to take', async () => {
    expect(await failure(`ws://127.0.0.1:${await ownPort()}/`)).toMatch(/ECONNREFUSED/);
    server = await startFaultServer({ script: [{}], stopListeningAfter: 1 });
    const first = await open(server.url);
    expect(await failure(server.url)).toMatch(/ECONNREFUSED/);
    first.client.send('still held');
    expect(await first.until(1)).toEqual(['still held']);
  });
});

describe('the fault server in conversation', () => {
  it.each<[Behaviour['talk'], string[], Record<string, number>]>([
    [{ kind: 'echo' }, ['one', 'two'], { echo: 2 }],
    [{ kind: 'twice' }, ['one', 'one', 'two', 'two'], { echo: 2, duplicate: 2 }],
    [{ kind: 'swapped' }, ['two', 'one'], { echo: 2 }],
    [{ kind: 'late', delayMs: 5 }, ['one', 'two'], { late: 2 }],
    [{ kind: 'foreignId' }, ['{"id":"zzzzz-0"}', '{"id":"zzzzz-0"}'], { foreign: 2 }],
    [{ kind: 'garbage' }, ['no id in here', 'no id in here'], { garbage: 2 }],
    [{ kind: 'strayFirst' }, ['no id in here', 'one', 'no id in here', 'two'], { echo: 2, garbage: 2 }],
    [{ kind: 'fragmented' }, ['ping between', 'one', 'ping between', 'two'], { echo: 2 }],
    [{ kind: 'large', bytes: 70_000 }, ['one'.padEnd(70_000), 'two'.padEnd(70_000)], { echo: 2 }],
    [{ kind: 'binary' }, ['binary one', 'binary two'], { echo: 2 }],
    [{ kind: 'pingFlood', pings: 2 }, ['ping 0', 'ping 1', 'one', 'ping 0', 'ping 1', 'two'], { echo: 2 }],
  ])('%j', async (talk, frames, replies) => {
    const { url, counts } = await serve({ talk } as Behaviour);
    const { client, until, closed } = await open(url);
    client.send('one');
    client.send('two');
    expect(await until(frames.length)).toEqual(frames);
    client.close(1000);
    await closed;
    expect(counts()).toMatchObject({
      handshakes: 1,
      received: 2,
      speakers: 1,
      replies,
      closesReceived: { 1000: 1 },
      open: 0,
    });
  });

  it('pushes what nobody asked for', async () => {
    const { url, counts } = await serve({ talk: { kind: 'push', frames: 2 } });
    expect(await (await open(url)).until(2)).toEqual(['push 0', 'push 1']);
    expect(counts().replies).toEqual({ push: 2 });
  });

  it('is silent, or does not even read', async () => {
    const { url, until, counts } = await serve({ talk: { kind: 'silent' } }, { talk: { kind: 'stopReading' } });
    const [silent, deaf] = [await open(url), await open(url)];
    deaf.client.send('unread');
    silent.client.send('read');
    await until((now) => now.received === 1);
    expect(counts()).toMatchObject({ received: 1, open: 2 });
    expect(counts().replies).toEqual({});
    deaf.client.terminate();
  });
});

describe('the fault server at the end', () => {
  it.each([1000, 1001, 1008, 1011, 4321])('closes with %i', async (code) => {
    const { url, counts } = await serve({ ending: { kind: 'close', code } });
    const { closed } = await open(url);
    expect((await closed)[0]).toBe(code);
    const { closesSent, closesReceived, open: stillOpen } = counts();
    expect({ closesSent, closesReceived, stillOpen }).toEqual({
      closesSent: { [code]: 1 },
      closesReceived: {},
      stillOpen: 0,
    });
  });

  it('vanishes upon the n-th message, which it does not answer', async () => {
    const { url, counts } = await serve({ ending: { kind: 'vanish', afterMessages: 2 } });
    const { client, closed } = await open(url);
    client.send('one');
    client.send('two');
    expect((await closed)[0]).toBe(1006);
    expect(counts()).toMatchObject({ received: 2, replies: { echo: 1 }, vanished: 1, open: 0 });
  });

  it('resets', async () => {
    // After a message, since Node sees an orderly end when the reset comes together with the handshake's answer.
    const { counts, port } = await serve({ ending: { kind: 'reset', afterMessages: 1 } });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nSec-WebSocket-Key: eA==\r\n\r\n');
    await once(socket, 'data');
    socket.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78]));
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    expect(counts()).toMatchObject({ reset: 1, open: 0 });
  });

  it.each([
    'badOpcode',
    'masked',
    'reservedBit',
    'badCloseCode',
    'badCloseUtf8',
    'badUtf8',
    'longControl',
    'strayContinuation',
  ] as const)('breaks RFC 6455: %s', async (violation) => {
    const { url, counts } = await serve({ ending: { kind: 'violate', violation } });
    const client = new WebSocket(url);
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/^WS_ERR_/);
    expect(counts().violations).toBe(1);
  });

  it('ignores a close frame', async () => {
    const { url, until, counts } = await serve({ ending: { kind: 'ignoreClose' } });
    const { client } = await open(url);
    client.close(1000);
    await until((now) => now.closesReceived[1000] === 1);
    expect(client.readyState).toBe(WebSocket.CLOSING);
    expect(counts().open).toBe(0);
    client.terminate();
  });
});

describe('the fault server in a process of its own', () => {
  it('freezes, thaws, and when killed drops what it holds without a close frame', async () => {
    const process = await forkFaultServer([{}]);
    const { client, until, closed } = await open(process.url);
    process.freeze();
    client.send('one');
    process.thaw();
    expect(await until(1)).toEqual(['one']);
    await process.until((counts) => counts.replies['echo'] === 1);
    await process.kill();
    expect((await closed)[0]).toBe(1006);
    expect(process.counts()).toMatchObject({ received: 1, open: 1 });
  });
});
