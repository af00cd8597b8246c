import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { startTargetServer } from '../../scripts/target-server.mjs';
import { afterwards, booksOf, expectBalance, PASSED, TARGET_MISSED } from './cases.ts';
import { runK6 } from './helpers.ts';

const SHORT = { WS_PROFILE: 'smoke', WS_HOLD: '1s', WS_MESSAGE_INTERVAL: '400ms' };

/** How long the server below is deaf: its listen queue fills meanwhile, and overflows. */
const DEAF_MS = 1_500;

/** An echo server whose kernel queue takes 16 connections, and that takes none out of it for a while. */
async function deafServer(): Promise<string> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (client) => client.on('message', (data, binary) => client.send(data, { binary })));
  server.once('connection', () => {
    for (const end = performance.now() + DEAF_MS; performance.now() < end; );
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 16 });
  await once(server, 'listening');
  afterwards(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it('names what overflows a short listen queue, and the batches as the cure', async () => {
  const result = await runK6({
    scenario: 'storm',
    env: {
      ...SHORT,
      WS_URL: await deafServer(),
      WS_CONNECTIONS: '150',
      WS_BATCH_SIZE: '30',
      WS_BATCH_DELAY: '70ms',
      // Those in the queue are answered in time; those that Linux dropped ask again after one second, in vain, and after three.
      WS_HANDSHAKE_TIMEOUT: '2250ms',
      WS_HOLD: '4s',
    },
  });
  const { attempted, established, failed } = booksOf(result);
  expect(attempted).toBe(150);
  const reasons = Object.entries(failed);
  expect(reasons.length).toBeGreaterThan(0);
  // Linux drops what its queue cannot take, other systems refuse or reset it.
  for (const [reason] of reasons) {
    expect(['handshake_timeout', 'connect_timeout', 'refused', 'reset']).toContain(reason);
  }
  expect(reasons.reduce((sum, [, count]) => sum + count, 0)).toBe(150 - established);
  expectBalance(result);
  expect(result.stdout.replace(/\s+/g, ' ')).toContain('the scenario concurrent opens 30 at a time, 70ms apart.');
  expect(result.exitCode).toBe(TARGET_MISSED);
});

it('opens all at once, and prints a batched run beside it', async () => {
  const server = await startTargetServer({ arrivals: true });
  afterwards(server.close);
  const folder = await mkdtemp(path.join(tmpdir(), 'batched-'));
  afterwards(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'summary.json');
  const delayMs = 600;
  const sizes = { WS_CONNECTIONS: '100', WS_BATCH_SIZE: '25', WS_BATCH_DELAY: `${delayMs}ms` };
  const env = { ...SHORT, ...sizes, WS_URL: server.url };
  const batched = await runK6({ scenario: 'concurrent', env });
  await writeFile(file, JSON.stringify(batched.summary));
  const storm = await runK6({ scenario: 'storm', env: { ...env, WS_COMPARE_WITH: file } });

  const arrivals = server.stats().arrivalsMs ?? [];
  const length = (from: number) => (arrivals[from + 99] as number) - (arrivals[from] as number);
  // In the middle between four batches, the last of which comes three delays after the first, and all at once.
  expect(length(0)).toBeGreaterThan(1.5 * delayMs);
  expect(length(100)).toBeLessThan(1.5 * delayMs);
  expect(storm.summary?.plan.batchSize).toBe(100);
  expect(storm.summary?.comparison).toMatchObject({
    file,
    batched: {
      scenario: 'concurrent',
      batchSize: 25,
      attempted: 100,
      establishMs: batched.summary?.latencyMs.establish?.max,
    },
    storm: { scenario: 'storm', batchSize: 100, attempted: 100, establishMs: storm.summary?.latencyMs.establish?.max },
  });
  expect(storm.stdout).toContain(`Compared with ${file}`);
  expect(storm.stdout).toMatch(/opened at once +25 +100\n/);
  expect(storm.stdout).toMatch(/connect success +100\.00 % +100\.00 %\n/);
  expect(storm.stdout).toContain('in one batch');
  expect(storm.exitCode).toBe(PASSED);
});

it('says in one sentence that there is nothing to compare with', async () => {
  const result = await runK6({ scenario: 'storm', env: { ...SHORT, WS_COMPARE_WITH: 'missing.json' } });
  expect(result.exitCode).toBe(107);
  expect(result.stderr.match(/there is no such file/g)).toHaveLength(1);
});
