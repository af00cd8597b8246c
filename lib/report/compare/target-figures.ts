import type { Summary } from '../summary.ts';
import type { Figure } from './figure.ts';

/** Memory and CPU of the target, of all endpoints together; empty where it was not asked. */
export function ownFigures(summary: Summary): Figure[] {
  // Where there are several the sum comes last.
  const target = summary.target?.at(-1);
  if (!target) return [];
  const figure = (name: string, unit: Figure['unit'], noise: Figure['noise'], value: number | null): Figure => ({
    group: 'Target process',
    name,
    unit,
    better: 'less',
    noise,
    value,
    of: null,
  });
  return [
    figure('memory at the peak', 'bytes', 'memory', target.memoryBytes?.peak ?? null),
    figure('memory after the close', 'bytes', 'memory', target.memoryBytes?.after ?? null),
    figure('memory per connection', 'bytes', 'perConnection', target.bytesPerConnection),
    figure('CPU cores in the hold', 'cores', 'cpu', target.cpuCores?.hold ?? null),
  ];
}
