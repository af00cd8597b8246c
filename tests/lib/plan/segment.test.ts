import { describe, expect, it } from 'vitest';
import { shareOf } from '../../../lib/plan/segment.ts';
import { seeded } from '../random.ts';

const connections = (total: number, executionSegment: string, executionSegmentSequence?: string) =>
  shareOf({ executionSegment, executionSegmentSequence }, total, 1).connections;

/** The indices below `total` that a segment owns: each is one connection more. */
function owned(total: number, segment: string, sequence?: string): number[] {
  const indices = Array.from({ length: total }, (_, i) => i);
  return indices.filter((i) => connections(i + 1, segment, sequence) > connections(i, segment, sequence));
}

/** Those that k6 gives it by its own table: the first, then the steps in turn. */
function striped(total: number, start: number, offsets: readonly number[]): number[] {
  const indices: number[] = [];
  for (let i = start, n = 0; i < total; i += offsets[n++ % offsets.length] as number) indices.push(i);
  return indices;
}

const EIGHTS = '0,0.3,0.5,0.6,0.7,0.8,0.9,1';
const OTHER = '0,0.2,0.5,0.6,0.7,0.8,0.9,1';

describe('a share', () => {
  it('without a segment is all of it', () => {
    expect(shareOf({}, 1_000, 1)).toEqual({ connections: 1_000, vus: 1_001, segment: null });
    expect(shareOf({ executionSegment: null, executionSegmentSequence: null }, 1_050, 100)).toEqual({
      connections: 1_050,
      vus: 12,
      segment: null,
    });
  });

  // The table of TestGetStripedOffsets in k6's lib/execution_segment_test.go.
  it.each<[string | undefined, string, number, number[]]>([
    [EIGHTS, '0:0.3', 0, [4, 3, 3]],
    [EIGHTS, '0.3:0.5', 1, [4, 6]],
    [EIGHTS, '0.5:0.6', 2, [10]],
    [EIGHTS, '0.6:0.7', 3, [10]],
    [EIGHTS, '0.8:0.9', 8, [10]],
    [EIGHTS, '0.9:1', 9, [10]],
    [OTHER, '0.9:1', 9, [10]],
    [OTHER, '0:0.2', 1, [4, 6]],
    [OTHER, '0.6:0.7', 3, [10]],
    ['0,0.2,0.5', '0:0.2', 3, [6, 4]],
    ['0,0.2,0.5', '0.2:0.5', 1, [4, 2, 4]],
    ['0,2/5,4/5', '0:2/5', 0, [3, 2]],
    ['0,2/5,4/5', '2/5:4/5', 1, [3, 2]],
    ['2/5,4/5', '2/5:4/5', 1, [3, 2]],
    [undefined, '0:0.2', 1, [5]],
    [undefined, '0:1/5', 1, [5]],
    [undefined, '0:2/10', 1, [5]],
    [undefined, '20%', 1, [5]],
    [undefined, '0:0.4', 1, [2, 3]],
    [undefined, '2/5', 1, [2, 3]],
    [undefined, '2/5:4/5', 1, [3, 2]],
    [undefined, '1/10:5/10', 1, [2, 2, 4, 2]],
  ])("is striped as k6's own: sequence %s, segment %s", (sequence, segment, start, offsets) => {
    expect(owned(40, segment, sequence)).toEqual(striped(40, start, offsets));
  });

  it('with many connections on a VU is that of its VUs, the last of them perhaps not full', () => {
    const of = (executionSegment: string) =>
      shareOf({ executionSegment, executionSegmentSequence: '0,1/2,1' }, 1_050, 100);
    // 11 VUs, 0 to 10; the last holds 50.
    expect(of('0:1/2')).toEqual({ connections: 550, vus: 7, segment: '0:1/2' });
    expect(of('1/2:1')).toEqual({ connections: 500, vus: 5, segment: '1/2:1' });
  });

  it('of any sequence adds up to the whole, and no index belongs to two', () => {
    const random = seeded(42);
    for (let round = 0; round < 60; round++) {
      const denominator = 2 + Math.floor(random() * 30);
      const inner = Array.from({ length: denominator - 1 }, (_, i) => i + 1).filter(() => random() < 0.3);
      const bounds = [0, ...inner, denominator].map((numerator) => `${numerator}/${denominator}`);
      const sequence = bounds.join(',');
      const segments = bounds.slice(1).map((bound, i) => `${bounds[i]}:${bound}`);
      const all = segments.flatMap((segment) => owned(70, segment, sequence));
      expect(
        all.sort((a, b) => a - b),
        sequence,
      ).toEqual(Array.from({ length: 70 }, (_, i) => i));
      const total = 1 + Math.floor(random() * 5_000);
      const perVu = 1 + Math.floor(random() * 150);
      const shares = segments.map((executionSegment) =>
        shareOf({ executionSegment, executionSegmentSequence: sequence }, total, perVu),
      );
      expect(
        shares.reduce((sum, share) => sum + share.connections, 0),
        sequence,
      ).toBe(total);
      // One VU watches, in one of the processes.
      expect(
        shares.reduce((sum, share) => sum + share.vus, 0),
        sequence,
      ).toBe(Math.ceil(total / perVu) + 1);
    }
  });
});
