import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { artilleryConfig } from '../../bench/lib/artillery-config.mjs';
import { baselineClients, CLIENTS, timesOf } from '../../bench/lib/clients.mjs';
import { childSeconds } from '../../bench/lib/measure.mjs';
import { median } from '../../bench/lib/median.mjs';
import { markdownTable } from '../../bench/lib/table.mjs';
import { tsungConfig } from '../../bench/lib/tsung-config.mjs';
import socketIoBench from '../../bench/socket-io.ts';
import { socketIo } from '../../lib/conversation/socket-io.ts';

const LOAD = { connections: 10_000, rampSeconds: 5, lifeSeconds: 35, intervalSeconds: 5 };

describe('median', () => {
  it('is the middle value whatever the order, by size and not by text', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  it('of an even number is the mean of the middle two', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('of nothing is an error, and what is given stays as it is', () => {
    expect(() => median([])).toThrow(RangeError);
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('the table', () => {
  const round = (memoryMb: number, cpuSeconds: number) => ({
    memoryBytes: memoryMb * 1e6,
    cpuSeconds,
    replies: 70_000,
    peakOpen: 10_000,
  });
  const rows = [
    { name: 'ours', description: 'a', floor: 'floor', rounds: [round(1_100, 9), round(1_200, 10), round(5_000, 99)] },
    { name: 'floor', description: 'b', floor: null, rounds: [round(1_000, 8), round(900, 8), round(1_000, 7)] },
    { name: 'absent', description: 'c', floor: 'floor', rounds: [] },
  ];

  it('has medians and their ratio to the median of the floor, and no line for what was not measured', () => {
    const [, , ours, floor, ...rest] = markdownTable(rows).split('\n');
    expect(ours).toBe('| `ours` | a | 1,200 MB | 1.20 x | 10.0 s | 1.25 x | 10,000 | 70,000 |');
    expect(floor).toBe('| `floor` | b | 1,000 MB |  | 8.0 s |  | 10,000 | 70,000 |');
    expect(rest).toEqual([]);
  });

  it('shows no ratio without the floor', () => {
    expect(markdownTable(rows.slice(0, 1))).toContain('| 1,200 MB |  | 10.0 s |  |');
  });
});

describe('the measurement', () => {
  it("reads the children's line of what the shell's times prints", () => {
    expect(childSeconds('0m0.01s 0m0.02s\n1m19.04s 0m5.50s\n')).toBeCloseTo(84.54);
    expect(() => childSeconds('')).toThrow('times printed');
  });
});

describe('the clients', () => {
  it('are compared with floors that are clients too', () => {
    const names = CLIENTS.map(({ name }) => name);
    for (const { floor } of CLIENTS) if (floor) expect(names).toContain(floor);
  });

  it('can be measured beside another build, whose scripts get the same settings', () => {
    const load = { url: 'ws://127.0.0.1:1/', connections: 100, holdSeconds: 1, intervalSeconds: 1 };
    for (const client of baselineClients('/other')) {
      const own = CLIENTS.find(({ name }) => name === client.floor);
      const script = `/other/dist/${client.floor}.js`;
      expect(client.command('k6', load, '').args).toEqual([
        ...(own?.command('k6', load, '').args.slice(0, -1) ?? []),
        script,
      ]);
    }
  });

  it('that talk have a user for each connection', () => {
    const load = { url: 'ws://127.0.0.1:1/', connections: 300, holdSeconds: 1, intervalSeconds: 1 };
    const talking = CLIENTS.filter(({ name }) => name.endsWith('-chat'));
    expect(talking.map(({ floor }) => floor)).toEqual(['concurrent', 'multiplexed']);
    for (const { command } of talking) {
      const users = command('k6', load, '/folder').files?.['users.csv'] ?? '';
      expect(users.trim().split('\n')).toHaveLength(301);
    }
  });

  it('of socket.io bring their server and its users, beside echo, with messages of the same size', () => {
    const client = CLIENTS.find(({ name }) => name === 'multiplexed-socket-io') as (typeof CLIENTS)[number];
    expect(client).toMatchObject({ floor: 'multiplexed', server: 'examples/socket-io-server.mjs' });
    const load = { url: 'ws://127.0.0.1:1/', connections: 300, holdSeconds: 1, intervalSeconds: 1 };
    const { args, files } = client.command('k6', load, '/folder');
    expect(files).toBeUndefined();
    expect(args).toContain(`WS_USERS=${path.resolve('examples/users.csv')}`);
    expect(args).toContain(`WS_CONVERSATION=${path.resolve('bench/socket-io.ts')}`);
    const { requests } = socketIoBench({ socketIo } as never);
    const session = { state: { namespace: '' } };
    expect(requests?.['echo']?.frames(session as never, 1)).toHaveLength(64);
  });

  it('have the same load: 100 connections every 50 ms, open for ramp and hold', () => {
    expect(timesOf({ connections: 10_000, holdSeconds: 30 })).toEqual({
      rampSeconds: 5,
      lifeSeconds: 35,
    });
    const xml = tsungConfig({ ...LOAD, port: 8081 });
    expect(xml).toContain('maxnumber="10000" arrivalrate="2000"');
    expect(xml).toContain('<for from="1" to="7" var="n">');
    const { config, scenarios } = JSON.parse(artilleryConfig({ ...LOAD, url: 'ws://127.0.0.1:8081/' }));
    expect(config.phases).toEqual([{ duration: 5, arrivalCount: 10_000, maxVusers: 10_000 }]);
    expect(scenarios[0].flow[1].count).toBe(7);
  });

  it('send messages of the same size', () => {
    const [message] = /\{&quot;id.*?\}/.exec(tsungConfig({ ...LOAD, port: 8081 })) ?? [''];
    expect(message.replaceAll('&quot;', '"')).toHaveLength(64);
    const { scenarios } = JSON.parse(artilleryConfig({ ...LOAD, url: 'ws://127.0.0.1:8081/' }));
    expect(JSON.stringify(scenarios[0].flow[1].loop[0].send.payload)).toHaveLength(64);
  });

  it('wait for the reply in Artillery too, which is the next frame with the id', () => {
    const { scenarios } = JSON.parse(artilleryConfig({ ...LOAD, url: 'ws://127.0.0.1:8081/' }));
    const { payload, match } = scenarios[0].flow[1].loop[0].send;
    expect(match).toEqual({ json: '$.id', value: payload.id });
  });
});
