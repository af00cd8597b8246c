import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { afterwards, PASSED, SCENARIOS } from './cases.ts';
import { k6Command } from './k6-command.ts';
import { folder } from './spoken.ts';

/** k6: exec.test.abort(). */
const ABORTED = 108;

const given = (env: Record<string, string>) =>
  Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);

it.each(SCENARIOS)('an archive of $scenario takes tokens at its run, and no other plan', async ({ scenario }) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  afterwards(() => server.close());
  const seen: (string | undefined)[] = [];
  server.on('connection', (socket, { headers }) => {
    seen.push(headers.authorization);
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await once(server, 'listening');
  const place = await folder();
  const env = {
    WS_PROFILE: 'smoke',
    WS_URL: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    WS_HEADERS: '{"Authorization":"later"}',
    WS_CONNECTIONS: '5',
    WS_HOLD: '1s',
    WS_MESSAGE_INTERVAL: '300ms',
  };
  const script = path.resolve('dist', `${scenario}.js`);
  const archived = await k6Command(['archive', ...given(env), '-O', 'load.tar', script], { cwd: place });
  expect(archived.exitCode, archived.stderr).toBe(PASSED);
  const run = (settings: Record<string, string>) =>
    k6Command(['run', '--quiet', '--no-usage-report', ...given(settings), 'load.tar'], { cwd: place });

  const withToken = await run({ WS_HEADERS: '{"Authorization":"Bearer hunter2"}' });
  expect(withToken.exitCode, withToken.stderr).toBe(PASSED);
  expect(seen).toEqual(Array.from({ length: 5 }, () => 'Bearer hunter2'));

  const withMore = await run({ WS_CONNECTIONS: '7', WS_MIN_CONNECT_SUCCESS: '99%' });
  expect(withMore.exitCode).toBe(ABORTED);
  expect(withMore.stderr).toContain('connections 5 there, 7 here; ws_connect_success rate>0.95');
  expect(seen).toHaveLength(5);
});
