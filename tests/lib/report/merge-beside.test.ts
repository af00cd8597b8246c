import { expect, it } from 'vitest';
import type { HostResult, TargetProcess } from '../../../lib/report/beside-result.ts';
import { mergeBeside } from '../../../lib/report/merge-beside.ts';
import type { Summary } from '../../../lib/report/summary.ts';
import { aSummary } from './a-summary.ts';

const process = (connections: number, peak: number | null): TargetProcess => ({
  endpoint: 'host:9100',
  memoryBytes: peak === null ? null : { before: 1_000, peak, after: 1_000 },
  connections,
  bytesPerConnection: null,
  cpuCores: null,
  openFiles: null,
  goroutines: null,
  eventLoopLagMs: null,
  problems: [],
});
const part = (target: TargetProcess[], cpu: number | null): Summary =>
  aSummary({ target, host: { cpu: cpu === null ? null : { hold: cpu, peak: cpu }, memoryBytes: null } as HostResult });

it('has the figures of the process that read, and the connections of all', () => {
  const { target, host } = mergeBeside([part([process(10, null)], null), part([process(30, 5_000)], 0.5)]);
  expect(target).toEqual([{ ...process(40, 5_000), bytesPerConnection: 100 }]);
  expect(host?.cpu?.hold).toBe(0.5);
});

it('has none where nothing was asked for', () => {
  expect(mergeBeside([aSummary(), aSummary()])).toEqual({});
});

it('says so where nobody could read', () => {
  const { target, host } = mergeBeside([part([process(10, null)], null), part([process(30, null)], null)]);
  expect(target).toEqual([process(40, null)]);
  expect(host?.cpu).toBeNull();
});
