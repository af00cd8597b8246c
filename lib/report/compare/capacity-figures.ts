import { groupDigits } from '../../plan/format.ts';
import type { Capacity, Summary } from '../summary.ts';
import type { Figure } from './figure.ts';

/** What is compared of a capacity test. */
export type CapacityPart = Pick<Capacity, 'holds'> & {
  steps: Pick<Capacity['steps'][number], 'connections' | 'roundTripMs'>[];
};

/** null: the run is of another scenario. */
export function capacityOf(summary: Summary): CapacityPart | null {
  return summary.capacity ?? null;
}

/**
 * How many connections are held, and the round trip in each step. Two runs that come to different steps were under
 * different load: as wholes they cannot be compared.
 */
export function capacityFigures({ holds, steps }: CapacityPart): Figure[] {
  const [first, second] = steps;
  const step = second && first ? second.connections - first.connections : (first?.connections ?? 0);
  return [
    {
      group: 'Capacity',
      name: 'connections held',
      unit: 'number',
      better: 'more',
      noise: 'exact',
      // At the edge one step more or less is chance.
      least: step * 1.5,
      value: holds,
      of: null,
    },
    ...steps.flatMap(({ connections, roundTripMs }) =>
      (['p50', 'p95'] as const).map(
        (percentile): Figure => ({
          group: 'Round trip by step',
          name: `at ${groupDigits(connections)} ${percentile}`,
          unit: 'ms',
          better: 'less',
          noise: percentile === 'p50' ? 'typical' : 'tail',
          value: (percentile === 'p50' ? roundTripMs?.med : roundTripMs?.p95) ?? null,
          of: null,
        }),
      ),
    ),
  ];
}
