import type { Summary } from '../summary.ts';
import type { Figure } from './figure.ts';

/** What is compared of what a target told of itself beside the run (WS_TARGET_METRICS), as summary.json has it. */
interface TargetPart {
  memoryBytes: { peak: number; after: number | null } | null;
  bytesPerConnection: number | null;
  cpuCores: { hold: number | null } | null;
}

/** Memory and CPU of the target, of all endpoints together; empty where it was not asked. */
export function ownFigures(summary: Summary): Figure[] {
  // Where there are several the sum comes last.
  const target = (summary as { target?: TargetPart[] }).target?.at(-1);
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
