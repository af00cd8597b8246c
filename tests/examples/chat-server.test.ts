import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { readUsers, startChatServer } from '../../examples/chat-server.mjs';
import { ROOT, startScript, temporaryFolder } from '../scripts/fakes.ts';

const USERS = new Map([
  ['token-a', 'ann'],
  ['token-b', 'bob'],
]);

async function start(options: Partial<Parameters<typeof startChatServer>[0]> = {}) {
  const server = await startChatServer({ users: USERS, ...options });
  onTestFinished(() => server.close());
  return server;
}

/** A client that keeps what it got, as objects. */
async function connect(url: string) {
  const socket = new WebSocket(url);
  const got: Record<string, unknown>[] = [];
  const waiting: (() => void)[] = [];
  socket.on('message', (data) => {
    got.push(JSON.parse(String(data)));
    for (const wake of waiting.splice(0)) wake();
  });
  const closed = once(socket, 'close').then(([code, reason]) => [code, String(reason)]);
  await once(socket, 'open');
  const say = (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  const next = async () => {
    while (got.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    return got.shift();
  };
  const ask = (message: unknown) => {
    say(message);
    return next();
  };
  return { socket, say, next, ask, closed };
}

/** One that is logged in and in this room. */
async function member(url: string, token: string, room: string) {
  const client = await connect(url);
  await client.ask({ type: 'auth', token });
  await client.ask({ type: 'join', room });
  return client;
}

describe('the chat', () => {
  test('welcomes by the token, and tells how many are in the room', async () => {
    const { url } = await start();
    const ann = await connect(url);
    expect(await ann.ask({ type: 'auth', token: 'token-a' })).toEqual({ type: 'welcome', user: 'ann' });
    expect(await ann.ask({ type: 'join', room: 'r' })).toEqual({ type: 'joined', room: 'r', members: 1 });
    const bob = await connect(url);
    expect(await bob.ask({ type: 'auth', token: 'token-b' })).toEqual({ type: 'welcome', user: 'bob' });
    expect(await bob.ask({ type: 'join', room: 'r' })).toEqual({ type: 'joined', room: 'r', members: 2 });
  });

  test('brings what is said to all in the room, the sender too, and to nobody else', async () => {
    const { url } = await start();
    const [ann, bob, other] = [
      await member(url, 'token-a', 'r'),
      await member(url, 'token-b', 'r'),
      await member(url, 'token-b', 'another'),
    ];
    const said = { type: 'chat', room: 'r', from: 'ann', text: 'hi', ref: 'm1' };
    expect(await ann.ask({ type: 'chat', text: 'hi', ref: 'm1' })).toEqual(said);
    expect(await bob.next()).toEqual(said);
    const own = { type: 'chat', room: 'another', from: 'bob', text: 'echo', ref: 'm2' };
    expect(await other.ask({ type: 'chat', text: 'echo', ref: 'm2' })).toEqual(own);
  });

  test('refuses with the ref what it does not know, and goes on', async () => {
    const { url } = await start();
    const ann = await member(url, 'token-a', 'r');
    const unknown = { type: 'error', reason: 'unknown type bogus', ref: 'm2' };
    expect(await ann.ask({ type: 'bogus', ref: 'm2' })).toEqual(unknown);
    expect(await ann.ask('not json')).toEqual({ type: 'error', reason: 'unknown type undefined' });
    expect(await ann.ask({ type: 'constructor', ref: 1 })).toMatchObject({ reason: 'unknown type constructor' });
    expect(await ann.ask({ type: 'chat', text: 'hi', ref: 'm3' })).toMatchObject({ type: 'chat', ref: 'm3' });
  });

  test('wants a room before a message', async () => {
    const ann = await connect((await start()).url);
    await ann.ask({ type: 'auth', token: 'token-a' });
    expect(await ann.ask({ type: 'chat', text: 'hi', ref: 'm' })).toEqual({
      type: 'error',
      reason: 'join first',
      ref: 'm',
    });
    expect(await ann.ask({ type: 'join', ref: 'j' })).toEqual({ type: 'error', reason: 'no room', ref: 'j' });
  });

  test.each([
    [{ type: 'auth', token: 'bad' }, 'bad token'],
    [{ type: 'auth' }, 'bad token'],
    [{ type: 'join', room: 'r' }, 'auth first'],
    ['not json', 'auth first'],
  ])('closes with 4401 after %j: %s', async (message, reason) => {
    const client = await connect((await start()).url);
    client.say(message);
    expect(await client.closed).toEqual([4401, reason]);
  });

  test('closes with 4401 when nobody logs in, and not after a login', async () => {
    // The login has two seconds for its way: this process can be kept from its turn by the other tests.
    const { url, stats } = await start({ loginTimeoutMs: 2_000 });
    const ann = await connect(url);
    await ann.ask({ type: 'auth', token: 'token-a' });
    expect(await (await connect(url)).closed).toEqual([4401, 'login timeout']);
    expect(ann.socket.readyState).toBe(WebSocket.OPEN);
    const counts = { accepted: 2, open: 1, logins: 1, refused: { 'login timeout': 1 } };
    await expect.poll(stats).toMatchObject(counts);
  });
});

test('it counts logins, messages, deliveries, and refusals by reason', async () => {
  const { url, stats } = await start();
  const ann = await member(url, 'token-a', 'r');
  const bob = await member(url, 'token-b', 'r');
  await ann.ask({ type: 'chat', text: 'hi', ref: 1 });
  await bob.next();
  await ann.ask({ type: 'bogus' });
  await ann.ask({ type: 'other' });
  const stranger = await connect(url);
  stranger.say({ type: 'auth', token: 'x' });
  await stranger.closed;
  bob.socket.close(1000);
  await bob.closed;
  await ann.ask({ type: 'chat', text: 'alone', ref: 2 });
  const counts = {
    accepted: 3,
    open: 1,
    peakOpen: 3,
    logins: 2,
    joins: 2,
    messages: 2,
    deliveries: 3,
    refused: { 'unknown type': 2, 'bad token': 1 },
    closeCodes: { 4401: 1, 1000: 1 },
  };
  await expect.poll(stats).toEqual(counts);
  expect(await (await fetch(`${url.replace(/^ws/, 'http')}stats`)).json()).toEqual(counts);
});

describe('the users', () => {
  test('of the example are a hundred, with a token each', () => {
    const users = readUsers(path.join(ROOT, 'examples', 'users.csv'));
    expect(users.size).toBe(100);
    expect(new Set(users.values()).size).toBe(100);
  });

  test('may have other columns, and a row without a token logs nobody in', () => {
    const file = path.join(temporaryFolder(), 'users.csv');
    writeFileSync(file, 'id,token,user\r\n1,t1,ann\r\n2,,bob\r\n');
    expect([...readUsers(file)]).toEqual([['t1', 'ann']]);
  });

  test('are an error without the columns, or without a file, that shows nothing of them', () => {
    const file = path.join(temporaryFolder(), 'users.csv');
    writeFileSync(file, 'hunter2,ann\n');
    expect(() => readUsers(file)).toThrow(`--users ${file}: expected a first line with the columns user and token`);
    expect(() => readUsers(file)).not.toThrow(/hunter2/);
    expect(() => readUsers(`${file}x`)).toThrow('cannot be read (ENOENT)');
  });
});

test('by itself it listens, and ends with its counts', async () => {
  const server = startScript(path.join(ROOT, 'examples', 'chat-server.mjs'), ['--port', '0']);
  await server.printed('stdout', /^listening on ws:\/\/127\.0\.0\.1:\d+\/\n/);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(JSON.parse(server.output.stdout.split('\n')[1] as string)).toMatchObject({ accepted: 0, logins: 0 });
});
