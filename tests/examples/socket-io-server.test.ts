import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startSocketIoServer } from '../../examples/socket-io-server.mjs';
import { ROOT, startScript } from '../scripts/fakes.ts';

const USERS = new Map([
  ['token-a', 'ann'],
  ['token-b', 'bob'],
]);
const PATH = 'socket.io/?EIO=4&transport=websocket';

async function start() {
  const server = await startSocketIoServer({ users: USERS });
  onTestFinished(() => server.close());
  return server;
}

/** One that has sent this token, and has the server's answer to it. */
async function login(url: string, token: string) {
  const socket = new WebSocket(`${url}${PATH}`);
  const got: string[] = [];
  const waiting: (() => void)[] = [];
  socket.on('message', (data) => {
    got.push(String(data));
    for (const wake of waiting.splice(0)) wake();
  });
  await once(socket, 'open');
  const next = async () => {
    while (got.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    return got.shift();
  };
  const ask = (packet: string) => {
    socket.send(packet);
    return next();
  };
  expect(await next()).toMatch(/^0\{/);
  return { socket, next, ask, welcome: await ask(`40${JSON.stringify({ token })}`) };
}

describe('the socket.io server', () => {
  test('lets in who has a token of the users, and says no to others', async () => {
    const { url, stats } = await start();
    expect((await login(url, 'token-a')).welcome).toMatch(/^40\{"sid":/);
    expect((await login(url, 'hunter2')).welcome).toBe('44{"message":"unauthorized"}');
    expect(stats()).toMatchObject({ logins: 1, refused: { unauthorized: 1 } });
  });

  test('acknowledges an echo with what was said', async () => {
    const { url, stats } = await start();
    const ann = await login(url, 'token-a');
    expect(await ann.ask('427["echo","hi"]')).toBe('437[{"status":"ok","said":"hi"}]');
    expect(stats().echoes).toBe(1);
  });

  test('brings what is said in a room to all in it, and counts the copies', async () => {
    const { url, stats } = await start();
    const [ann, bob] = [await login(url, 'token-a'), await login(url, 'token-b')];
    for (const each of [ann, bob]) expect(await each.ask('421["join","r"]')).toBe('431[{"status":"ok"}]');
    expect(await ann.ask('422["say","r","hi"]')).toBe('42["said",{"room":"r","text":"hi"}]');
    expect(await ann.next()).toBe('432[{"status":"ok"}]');
    expect(await bob.next()).toBe('42["said",{"room":"r","text":"hi"}]');
    expect(stats()).toMatchObject({ peakOpen: 2, joins: 2, messages: 1, deliveries: 2, refused: {} });
  });

  test('refuses what is said to a room from outside', async () => {
    const { url, stats } = await start();
    const ann = await login(url, 'token-a');
    expect(await ann.ask('422["say","r","hi"]')).toBe('432[{"status":"error","reason":"not in the room"}]');
    expect(stats()).toMatchObject({ messages: 0, refused: { 'not in the room': 1 } });
  });

  test('tells its counts over HTTP, who has gone included', async () => {
    const { url } = await start();
    const counts = async () => (await fetch(`${url.replace(/^ws/, 'http')}stats`)).json();
    const ann = await login(url, 'token-a');
    expect(await counts()).toMatchObject({ logins: 1, open: 1 });
    ann.socket.close();
    await expect.poll(counts).toMatchObject({ logins: 1, open: 0, peakOpen: 1 });
  });
});

test('by itself it listens, and ends with its counts', async () => {
  const server = startScript(path.join(ROOT, 'examples', 'socket-io-server.mjs'), ['--port', '0']);
  await server.printed('stdout', /^listening on ws:\/\/127\.0\.0\.1:\d+\/\n/);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(JSON.parse(server.output.stdout.split('\n')[1] as string)).toMatchObject({ logins: 0, messages: 0 });
});
