import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { sumCounts } from '../../scripts/lib/add-counts.mjs';
import { afterwards, INTERRUPTED, PASSED, PATIENT, SHORT, serve } from './cases.ts';
import { launch } from './launcher.ts';
import { target } from './target.ts';

const CONNECTIONS = 200;
const SIZES = { ...SHORT, ...PATIENT, WS_CONNECTIONS: String(CONNECTIONS), WS_SOCKETS_PER_VU: '10' };
const KILLED = 137;

describe.skipIf(process.platform === 'win32')('one host, several processes', () => {
  it.each([
    ['multiplexed', 2],
    ['concurrent', 4],
  ])('%s by %i: one report, equal to what the servers counted', async (scenario, processes) => {
    const servers = [await target(), await target(), await target()];
    const run = launch(scenario, processes, { ...SIZES, WS_URL: servers.map(({ url }) => url).join() });
    const { exitCode, stdout, stderr } = await run.ended;
    expect(exitCode, stdout + stderr).toBe(PASSED);
    const counted = sumCounts(servers.map((server) => server.stats() as never)) as Record<string, number>;
    expect(run.summary()).toMatchObject({
      verdict: 'pass',
      balanced: true,
      connections: {
        planned: CONNECTIONS,
        attempted: CONNECTIONS,
        established: counted['accepted'],
        closed: counted['closed'],
      },
      messages: { sent: counted['received'], answered: counted['answered'] },
    });
    expect(run.summary().processes.map(({ planned }) => planned)).toEqual(Array(processes).fill(200 / processes));
    // Connection i goes to target i mod 3, whatever its process.
    expect(servers.map((server) => server.stats().accepted)).toEqual([67, 67, 66]);
    expect(stdout.match(/Balance/g)).toHaveLength(1);
    expect(stdout + stderr).not.toContain('hunter2');
    expect(stderr).not.toContain('have been crossed');
  });

  it('a process that is killed in mid-run is missing from the report, which says so', async () => {
    const server = await serve([{ talk: { kind: 'echo' } }]);
    const run = launch('multiplexed', 4, { ...SIZES, WS_URL: server.url, WS_HOLD: '10s' });
    await run.meanwhile(
      'all had talked',
      server.until(({ speakers }) => speakers === CONNECTIONS),
    );
    process.kill(run.pidOf('1/4:1/2'), 'SIGKILL');
    const { exitCode, stdout, stderr } = await run.ended;
    expect(exitCode, stdout + stderr).toBe(KILLED);
    expect(stderr).toContain('process 2 of 4: k6 was ended by SIGKILL.');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'process 2 of 4 (segment 1/4:1/2) left no report: it was ended by SIGKILL. Its 50 of 200 planned connections are in no figure below.',
    );
    expect(run.summary()).toMatchObject({
      verdict: 'fail',
      balanced: true,
      connections: { planned: 150, established: 150, closed: 150, dropped: {} },
      missing: [{ process: 2, segment: '1/4:1/2', planned: 50 }],
    });
  });

  it('Ctrl-C ends all of them, with one report that balances', async () => {
    const server = await serve([{ talk: { kind: 'silent' } }]);
    const run = launch('multiplexed', 4, { ...SIZES, WS_URL: server.url, WS_HOLD: '60s', WS_MESSAGE_TIMEOUT: '60s' });
    await run.meanwhile(
      'all had talked',
      server.until(({ speakers }) => speakers === CONNECTIONS),
    );
    const pids = ['0:1/4', '1/4:1/2', '1/2:3/4', '3/4:1'].map((segment) => run.pidOf(segment));
    run.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await run.ended;
    expect(exitCode, stdout + stderr).toBe(INTERRUPTED);
    expect(run.summary()).toMatchObject({
      balanced: true,
      connections: { planned: CONNECTIONS, established: CONNECTIONS, dropped: { interrupted: CONNECTIONS } },
    });
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it.skipIf(process.platform !== 'linux')('source addresses are spread evenly over all processes', async () => {
    const sources: Record<string, number> = {};
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    afterwards(() => server.close());
    server.on('connection', (client, { socket: { remoteAddress = '' } }) => {
      sources[remoteAddress] = (sources[remoteAddress] ?? 0) + 1;
      client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
    });
    await once(server, 'listening');
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const run = launch('multiplexed', 4, { ...SIZES, WS_URL: url }, ['--local-ips', '127.0.0.2-127.0.0.4']);
    const { exitCode, stdout, stderr } = await run.ended;
    expect(exitCode, stdout + stderr).toBe(PASSED);
    expect(Object.keys(sources).sort()).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.4']);
    // Of 20 VUs, 6 or 7 each; the one that watches takes a place in the turn.
    for (const count of Object.values(sources)) expect(Math.abs(count - CONNECTIONS / 3)).toBeLessThanOrEqual(20);
  });
});
