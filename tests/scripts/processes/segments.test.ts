import { describe, expect, it } from 'vitest';
import { shareOf } from '../../../lib/plan/segment.ts';
import { coverageProblems } from '../../../lib/report/coverage.ts';
import { MOST_PROCESSES, segmentsOf, shareOfProcess } from '../../../scripts/lib/processes/segments.mjs';

const COUNTS = Array.from({ length: MOST_PROCESSES }, (_, i) => i + 1);

describe('segmentsOf()', () => {
  it('are exact fractions', () => {
    expect(segmentsOf(1)).toEqual([{ segment: '0:1', sequence: '0,1' }]);
    const sequence = '0,1/3,2/3,1';
    expect(segmentsOf(3)).toEqual([
      { segment: '0:1/3', sequence },
      { segment: '1/3:2/3', sequence },
      { segment: '2/3:1', sequence },
    ]);
    expect(segmentsOf(4).map(({ segment }) => segment)).toEqual(['0:1/4', '1/4:1/2', '1/2:3/4', '3/4:1']);
  });

  it.each(COUNTS)('of %i processes cover the whole test once', (processes) => {
    expect(coverageProblems(segmentsOf(processes).map(({ segment }) => segment))).toEqual([]);
  });
});

describe('shareOfProcess()', () => {
  it.each(COUNTS)('of %i processes add up to the whole, each as its own k6 has it', (processes) => {
    for (const [connections, perVu] of [
      [6_400, 100],
      [641, 100],
      [64, 1],
      [129, 1],
      [177, 7],
      [1, 100],
    ] as const) {
      const shares = segmentsOf(processes).map(({ segment, sequence }, index) => {
        const share = shareOfProcess({ connections, perVu }, index, processes);
        const options = { executionSegment: segment, executionSegmentSequence: sequence };
        expect(share.connections).toBe(shareOf(options, connections, perVu).connections);
        return share;
      });
      expect(shares.reduce((sum, share) => sum + share.connections, 0)).toBe(connections);
      expect(shares.reduce((sum, share) => sum + share.vus, 0)).toBe(Math.ceil(connections / perVu));
    }
  });
});
