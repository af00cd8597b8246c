import { describe, expect, it } from 'vitest';
import { limitProblem, serversFor } from '../../../scripts/lib/processes/limits.mjs';

const HOST = { files: 20_000, ports: 28_232 };
const ENOUGH = { targets: 100, sources: null };
const plan = (connections: number, perVu = 100) => [{ connections, perVu, atOnce: connections }];

describe('limitProblem()', () => {
  it.each([
    [plan(19_900), 1],
    [plan(40_000), 3],
    [plan(60_000), 4],
    [plan(1_000_000), 64],
  ])('%j is within reach of %i processes', (load, processes) => {
    expect(limitProblem(load, processes, HOST, ENOUGH)).toBeUndefined();
  });

  it('names the number of processes to type, which is enough and the least', () => {
    const problem = (connections: number, processes: number) =>
      limitProblem(plan(connections), processes, HOST, ENOUGH) ?? '';
    for (const connections of [19_901, 40_000, 59_700, 59_701, 300_000]) {
      const asked = Number(/type --processes (\d+),/.exec(problem(connections, 1))?.[1]);
      expect(problem(connections, asked)).toBe('');
      expect(problem(connections, asked - 1)).toContain(`type --processes ${asked},`);
    }
    expect(problem(40_000, 1)).toBe(
      '40,000 connections in one k6 process need as many open files, and a process may open 20,000 here (ulimit -n): type --processes 3, or raise the limit (ulimit -n 41000).',
    );
  });

  it('where no number of processes is enough, the limit has to be raised', () => {
    expect(limitProblem(plan(100_000), 64, { ...HOST, files: 1_000 }, ENOUGH)).toMatch(
      /ulimit -n\): raise the limit\.$/,
    );
  });

  it('names targets and source addresses where ports end it, however many processes', () => {
    const one = { targets: 1, sources: null };
    expect(limitProblem(plan(28_132), 4, HOST, one)).toBeUndefined();
    expect(limitProblem(plan(40_000), 4, HOST, one)).toMatch(
      /^40,000 connections need as many ports, .* about 28,132 times, all processes together: 2 targets in WS_URL, 2 source addresses \(--local-ips\)/,
    );
    expect(limitProblem(plan(40_000), 4, HOST, { targets: 2, sources: null })).toBeUndefined();
  });

  it('a source address that is bound has its ports once, whatever the targets', () => {
    expect(limitProblem(plan(60_000), 4, HOST, { targets: 9, sources: 2 })).toMatch(/give 3 addresses/);
    expect(limitProblem(plan(60_000), 4, HOST, { targets: 1, sources: 3 })).toBeUndefined();
  });

  it('a host whose ports are for all targets together has them once', () => {
    const windows = { files: Number.POSITIVE_INFINITY, ports: 16_384, portsAreOfHost: true };
    expect(limitProblem(plan(16_284), 4, windows, { targets: 1, sources: null })).toBeUndefined();
    for (const sources of [null, 9]) {
      expect(limitProblem(plan(16_285), 4, windows, { targets: 9, sources })).toMatch(
        /about 16,284 for all targets together: widen the range/,
      );
    }
    expect(serversFor(40_000, windows, null)).toBe(1);
  });

  it('tells all at once', () => {
    expect(limitProblem(plan(40_000), 1, HOST, { targets: 1, sources: null })?.split('\n')).toHaveLength(2);
  });

  it('refuses processes without a VU', () => {
    expect(limitProblem(plan(200), 4, HOST, ENOUGH)).toBe(
      '200 connections with 100 on each VU are 2 VUs, which 4 processes cannot share: type --processes 2, or WS_SOCKETS_PER_VU=50.',
    );
    expect(limitProblem(plan(200, 50), 4, HOST, ENOUGH)).toBeUndefined();
    expect(limitProblem(plan(3, 1), 4, HOST, ENOUGH)).toMatch(/type --processes 3\.$/);
  });

  it('knows nothing against a plan that is not known, nor on a host without limits', () => {
    expect(limitProblem([], 4, HOST, ENOUGH)).toBeUndefined();
    const none = { files: Number.POSITIVE_INFINITY, ports: Number.POSITIVE_INFINITY };
    expect(limitProblem(plan(1_000_000), 1, none, { targets: 1, sources: null })).toBeUndefined();
  });
});

describe('serversFor()', () => {
  it.each([
    [1_000, null, 1],
    [40_000, null, 3],
    [60_000, null, 4],
  ])('%i connections take open files', (connections, sources, servers) => {
    expect(serversFor(connections, HOST, sources)).toBe(servers);
  });

  it('and ports, but for those of bound addresses', () => {
    const host = { files: 1_000_000, ports: 28_232 };
    expect(serversFor(60_000, host, null)).toBe(3);
    expect(serversFor(60_000, host, 3)).toBe(1);
    expect(serversFor(0, host, null)).toBe(1);
  });
});
