import { describe, expect, it } from 'vitest';
import type { HostResult, TargetProcess } from '../../../lib/report/beside-result.ts';
import { besideSections } from '../../../lib/report/beside-text.ts';

const TARGET: TargetProcess = {
  endpoint: '127.0.0.1:9100',
  memoryBytes: { before: 58e6, peak: 85e6, after: 70e6 },
  connections: 1_000,
  bytesPerConnection: 27_000,
  cpuCores: { hold: 0.05, peak: 0.39 },
  openFiles: { before: 22, peak: 1_023, after: 23 },
  goroutines: null,
  eventLoopLagMs: { hold: 2.6, peak: 13.7 },
  problems: [],
};
const HOST: HostResult = {
  cpu: { hold: 0.55, peak: 0.8 },
  cores: 2,
  saturated: 0,
  memoryBytes: { before: 1e9, peak: 2e9, after: 1.5e9 },
  memoryTotalBytes: 8e9,
  networkInPerSecond: { hold: 471e3, peak: 4e6 },
  networkOutPerSecond: { hold: null, peak: 4e6 },
  tcp: { established: { peak: 2_010, after: 12 }, listen: { peak: 6, after: 6 } },
  k6CpuCores: { hold: 0.14, peak: 1.13 },
  k6MemoryBytes: 285e6,
  problems: [],
};

const text = (target: TargetProcess[], host?: HostResult) =>
  besideSections({ target, ...(host && { host }) })
    .flatMap(({ title, lines }) => [title, ...lines])
    .join('\n');

describe('the report on what was read beside the run', () => {
  it('is none where nothing was', () => {
    expect(besideSections({})).toEqual([]);
  });

  it('shows the target', () => {
    expect(text([TARGET])).toBe(`Target, as 127.0.0.1:9100 tells
                before  in the hold  peak     after
memory          58MB                 85MB     70MB
CPU, cores              0.05         0.39
open files      22                   1,023    23
event loop lag          2.6 ms       13.7 ms
27KB for each of 1,000 connections; 12MB not given back`);
  });

  it('shows the host', () => {
    expect(text([], HOST)).toBe(`Host
                   before  in the hold  peak   after
CPU of 2 cores             55 %         80 %
memory of 8GB      1GB                  2GB    1.5GB
received a second          471KB        4MB
sent a second                           4MB
k6: CPU, cores             0.14         1.13
k6: memory                              285MB
TCP, at most: established 2,010 (12 after), listen 6`);
  });

  it('fits 80 columns, with four spaces before each line', () => {
    const states = ['established', 'syn_sent', 'fin_wait1', 'fin_wait2', 'time_wait', 'close_wait', 'last_ack'];
    const tcp = Object.fromEntries(states.map((state) => [state, { peak: 1_234_567, after: 12 }]));
    const endpoint = `${'long-name.'.repeat(4)}example:9100`;
    const problem = 'its answer was longer than 8 MB, so it was not read again';
    const lines = text([{ ...TARGET, endpoint, problems: [problem] }], { ...HOST, tcp, problems: [problem] }).split(
      '\n',
    );
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(76);
  });

  it('says what was not told, and why', () => {
    const silent = { ...TARGET, memoryBytes: null, cpuCores: null, openFiles: null, eventLoopLagMs: null };
    expect(text([{ ...silent, problems: ['HTTP 404 (5 readings)'] }])).toBe(
      'Target, as 127.0.0.1:9100 tells\n! HTTP 404 (5 readings)',
    );
    expect(text([silent])).toBe('Target, as 127.0.0.1:9100 tells\nno figures: another process reads them');
  });

  it.each([
    [{ before: 90e6, peak: 90e6, after: 50e6 }, null, /^no more memory than before: start it anew/],
    [{ before: 10e6, peak: 90e6, after: 10e6 }, 80_000, /^80KB for each of 1,000 connections; all given back$/],
    [{ before: 10e6, peak: 90e6, after: null }, 80_000, /^80KB for each of 1,000 connections$/],
    [{ before: 10e6, peak: 90e6, after: 20e6 }, null, /^10MB not given back$/],
    [{ before: null, peak: 90e6, after: 20e6 }, null, /^event loop lag/],
  ])('says of the memory %j what is known', (memoryBytes, bytesPerConnection, expected) => {
    expect(
      text([{ ...TARGET, memoryBytes, bytesPerConnection }])
        .split('\n')
        .at(-1),
    ).toMatch(expected);
  });

  it('shows of many targets the sum alone, and what is amiss with each', () => {
    const many = (count: number) => [
      ...Array.from({ length: count }, (_, i) => ({
        ...TARGET,
        endpoint: `h${i}`,
        problems: i === 2 ? ['HTTP 404'] : [],
      })),
      { ...TARGET, endpoint: 'all' },
    ];
    const titles = (count: number) => besideSections({ target: many(count) }).map(({ title }) => title);
    expect(titles(4)).toHaveLength(5);
    expect(titles(5)).toEqual(['Targets, all 5 together', 'Targets, each']);
    expect(text(many(5)).split('\n').at(-1)).toBe('! h2: HTTP 404');
  });
});
