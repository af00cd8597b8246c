import { describe, expect, it } from 'vitest';
import { checkName } from '../../../lib/metrics/words.ts';
import { besideOf, hostLimits, withConnections } from '../../../lib/report/beside.ts';
import type { HostResult, TargetProcess } from '../../../lib/report/beside-result.ts';
import type { K6Data } from '../../../lib/report/k6-data.ts';
import { parseSettings } from '../../../lib/settings/parse.ts';
import { besideThresholds } from '../../../thresholds/beside.ts';

const ONE = { WS_TARGET_METRICS: 'http://me:secret@host:9100/m?token=x' };
const CONNECTIONS = { connections: { established: 1_000, closed: 900 } } as never;

/** What k6 hands over of these Gauges: value and most; all others that a threshold names are there without samples. */
function data(env: Record<string, string>, gauges: Record<string, [number, number]>, words: string[] = []): K6Data {
  const settings = parseSettings(env);
  const names = [...Object.keys(besideThresholds(settings)), ...Object.keys(gauges)];
  return {
    metrics: Object.fromEntries(
      names.map((name) => {
        const [value, max] = gauges[name] ?? [0, 0];
        return [name, { type: 'gauge', contains: 'default', values: { value, min: 0, max } }];
      }),
    ),
    root_group: { checks: words.map((word) => ({ name: checkName('beside', word), passes: 0, fails: 3 })) },
  };
}

const read = (env: Record<string, string>, k6: K6Data, isWhole = true) =>
  besideOf(k6, parseSettings(env), CONNECTIONS, isWhole);

const MEMORY = {
  'ws_target_memory{target:1}': [150e6, 200e6],
  'ws_target_memory{target:1,phase:before}': [100e6, 100e6],
  'ws_target_memory{target:1,phase:after}': [150e6, 150e6],
} as Record<string, [number, number]>;

describe('the target', () => {
  it('is nothing without its setting, and neither is the host', () => {
    expect(read({}, data({}, {}))).toEqual({});
  });

  it('has its levels, its work, and the memory of each connection', () => {
    const gauges = {
      ...MEMORY,
      'ws_target_cpu{target:1}': [0.2, 1.5] as [number, number],
      'ws_target_cpu{target:1,phase:hold}': [0.4, 0.6] as [number, number],
    };
    expect(read(ONE, data(ONE, gauges)).target).toEqual([
      {
        endpoint: 'host:9100',
        memoryBytes: { before: 100e6, peak: 200e6, after: 150e6 },
        connections: 1_000,
        bytesPerConnection: 100_000,
        cpuCores: { hold: 0.4, peak: 1.5 },
        openFiles: null,
        goroutines: null,
        eventLoopLagMs: null,
        problems: [],
      },
    ]);
  });

  it('that did nothing had a CPU of 0, which is not none', () => {
    expect(read(ONE, data(ONE, { 'ws_target_cpu{target:1}': [1e-9, 1e-9] })).target?.[0]?.cpuCores).toEqual({
      hold: null,
      peak: 0,
    });
  });

  it('that told nothing is there with the reason', () => {
    const [target] = read(ONE, data(ONE, {}, ['1: connection refused', 'host: HTTP 404'])).target ?? [];
    expect(target).toMatchObject({ memoryBytes: null, problems: ['connection refused (3 readings)'] });
  });

  it('held as many connections as the live figures of k6 say, and at least those that were closed as planned', () => {
    const open = (now: number) =>
      read(ONE, data(ONE, { ...MEMORY, ws_connections_now: [now, now] })).target?.[0]?.connections;
    expect([open(950), open(10), open(5_000)]).toEqual([950, 900, 1_000]);
  });

  it('has no memory for each connection in one process of several: the others held some, too', () => {
    expect(read(ONE, data(ONE, MEMORY), false).target?.[0]).toMatchObject({
      connections: 1_000,
      bytesPerConnection: null,
    });
  });

  it('of several is shown each and the sum', () => {
    const env = { WS_TARGET_METRICS: 'http://a/,http://b/' };
    const k6 = data(env, { 'ws_target_memory{target:all}': [7, 9] });
    expect(read(env, k6).target?.map(({ endpoint, connections }) => [endpoint, connections])).toEqual([
      ['a', null],
      ['b', null],
      ['all', 1_000],
    ]);
    expect(read(env, k6).target?.[2]?.memoryBytes?.peak).toBe(9);
  });
});

describe('the connections of several targets', () => {
  const targets = ['a', 'b', 'c', 'all'].map(
    (endpoint) => ({ endpoint, memoryBytes: { before: 0, peak: 1_000, after: 0 } }) as TargetProcess,
  );

  it('are known where there is an endpoint for each address', () => {
    const of = (urls: number) => withConnections(targets, 10, urls, true).map(({ connections }) => connections);
    expect(of(3)).toEqual([4, 3, 3, 10]);
    expect(of(1)).toEqual([null, null, null, 10]);
  });

  it('take no memory where there was no more than before', () => {
    const memoryBytes = { before: 2_000, peak: 2_000, after: 10 };
    expect(withConnections([{ ...targets[0], memoryBytes } as TargetProcess], 10, 1, true)[0]?.bytesPerConnection).toBe(
      null,
    );
  });
});

const HOST = { WS_HOST_METRICS: 'http://127.0.0.1:1/secret/metrics' };

describe('the host', () => {
  it('has all figures that were read', () => {
    const k6 = data(
      HOST,
      {
        host_cpu: [0.2, 0.95],
        'host_cpu{phase:hold}': [0.8, 0.9],
        host_cores: [2, 2],
        host_memory: [5, 9],
        'host_memory{phase:before}': [4, 4],
        host_memory_total: [10, 10],
        host_network_in: [1, 20],
        'host_tcp{state:established}': [3, 2_000],
        'host_tcp{state:time_wait}': [1e-9, 1e-9],
        k6_cpu: [1, 2],
        k6_memory: [6, 7],
      },
      ['host: no answer within 2s'],
    );
    k6.metrics['host_saturated'] = {
      type: 'rate',
      contains: 'default',
      values: { rate: 0.5, passes: 1, fails: 1 },
    };
    expect(read(HOST, k6).host).toEqual({
      cpu: { hold: 0.8, peak: 0.95 },
      cores: 2,
      saturated: 0.5,
      memoryBytes: { before: 4, peak: 9, after: null },
      memoryTotalBytes: 10,
      networkInPerSecond: { hold: null, peak: 20 },
      networkOutPerSecond: null,
      tcp: { established: { peak: 2_000, after: 3 } },
      k6CpuCores: { hold: null, peak: 2 },
      k6MemoryBytes: 7,
      problems: ['no answer within 2s (3 readings)'],
    });
  });

  it('that was read in no hold has no share of it', () => {
    const k6 = data(HOST, {});
    k6.metrics['host_saturated'] = { type: 'rate', contains: 'default', values: { rate: 0, passes: 0, fails: 0 } };
    expect(read(HOST, k6).host?.saturated).toBeNull();
  });

  it.each([
    [0.32, 0],
    [1 / 3, 1],
    [1, 1],
    [null, 0],
  ])('at 90 %% or more for %s of the hold is the limit: %i', (saturated, count) => {
    const host = { saturated, cores: 2, k6CpuCores: { hold: 0.52, peak: 1 } } as HostResult;
    expect(hostLimits(host)).toHaveLength(count);
  });

  it('is named with what k6 took of it', () => {
    const host = { saturated: 0.5, cores: 2, k6CpuCores: { hold: 0.52, peak: 1 } } as HostResult;
    expect(hostLimits(host)).toEqual([
      'The CPU of its host was at 90 % or more for 50 % of the hold; k6 itself took 0.5 of 2 cores: times and timeouts are partly its own.',
    ]);
    expect(hostLimits({ ...host, k6CpuCores: null })[0]).toMatch(/50 % of the hold: times/);
    expect(hostLimits(undefined)).toEqual([]);
  });
});

describe('the thresholds', () => {
  it('are none without a setting, and always hold', () => {
    expect(besideThresholds(parseSettings({}))).toEqual({});
    const all = besideThresholds(parseSettings({ ...ONE, ...HOST }));
    expect(new Set(Object.values(all).flat())).toEqual(new Set(['value>=0']));
    expect(Object.keys(all)).toContain('ws_target_memory{target:1,phase:before}');
    expect(Object.keys(all).join()).not.toContain('target:all');
  });
});
