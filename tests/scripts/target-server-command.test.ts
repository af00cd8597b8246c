import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ROOT, started, startScript } from './fakes.ts';

const SCRIPT = path.join(ROOT, 'scripts', 'target-server.mjs');
const LISTENING = /^listening on (ws:\/\/127\.0\.0\.1:(\d+)\/)\n/;

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('ends it with the counts as JSON and exit code 0', async () => {
    const server = startScript(SCRIPT, ['--port', '0', '--arrivals']);
    const [, url] = await server.printed('stdout', LISTENING);
    const client = new WebSocket(url as string);
    await once(client, 'open');
    client.send('x');
    await once(client, 'message');
    const stats = await (await fetch(`${url?.replace(/^ws/, 'http')}stats`)).json();
    expect(stats).toMatchObject({ accepted: 1, arrivalsMs: [expect.any(Number)] });
    server.child.kill(signal);
    expect(await server.ended).toBe(0);
    const lines = server.output.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    const counts = JSON.parse(lines[1] as string);
    expect(counts).toMatchObject({ accepted: 1, open: 1, received: 1, answered: 1 });
    // Ten thousand numbers would bury them.
    expect(counts).not.toHaveProperty('arrivalsMs');
  });
});

test('a taken port is one sentence and exit code 1', async () => {
  const first = startScript(SCRIPT, ['--port', '0']);
  const [, , port] = await first.printed('stdout', LISTENING);
  const second = startScript(SCRIPT, ['--port', port as string]);
  expect(await second.ended).toBe(1);
  expect(second.output.stderr).toBe(
    `Cannot listen on 127.0.0.1 port ${port}: another program listens there; --port 0 takes a free one.\n`,
  );
});

test('all bad options are named at once, with an example and exit code 2', async () => {
  const args = ['--port', '70000', '--max', '0', '--speed', '--host', '--arrivals=yes', 'now'];
  const server = startScript(SCRIPT, args);
  expect(await server.ended).toBe(2);
  const { stderr } = server.output;
  expect(stderr).toContain('--port takes a whole number from 0 to 65535, got "70000"');
  expect(stderr).toContain('--max takes a whole number from 1 to 1000000, got "0"');
  expect(stderr).toContain('--speed is unknown, known are --port, ');
  expect(stderr).toContain('--host needs a value');
  expect(stderr).toContain('"now" is not an option');
  expect(stderr).toMatch(/Example: node scripts\/target-server\.mjs .+\n$/);
});

test.runIf(process.platform === 'linux')('too few open files for its connections is a warning', async () => {
  const limited = (files: number) => `ulimit -n ${files}; exec "$0" "$1" --port 0 --max 200`;
  const run = (files: number) =>
    started(spawn('/bin/sh', ['-c', limited(files), process.execPath, SCRIPT], { stdio: ['ignore', 'pipe', 'pipe'] }));
  /** All that it says until its end: nothing tells which of two pipes is read first. */
  const warning = async ({ printed, child, ended, output }: ReturnType<typeof run>) => {
    await printed('stdout', LISTENING);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    return output.stderr;
  };
  expect(await warning(run(250))).toBe(
    'Warning: this process may open 250 files, too few for 200 connections; raise the limit first, for example: ulimit -n 65536\n',
  );
  expect(await warning(run(300))).toBe('');
});

test('with an IPC channel it leaves Ctrl-C to its parent and ends when the channel closes', async () => {
  const server = started(fork(SCRIPT, ['--port', '0'], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] }));
  const [, url] = await server.printed('stdout', LISTENING);
  server.child.kill('SIGINT');
  // The server has had the signal once it answers a connection made after it.
  await once(new WebSocket(url as string), 'open');
  server.child.disconnect();
  expect(await server.ended).toBe(0);
  expect(JSON.parse(server.output.stdout.split('\n')[1] as string)).toMatchObject({ accepted: 1 });
});
