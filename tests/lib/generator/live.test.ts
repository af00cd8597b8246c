import { describe, expect, it } from 'vitest';
import { connectionsDue, countOf } from '../../../lib/generator/live.ts';

describe('connectionsDue()', () => {
  const ramp = { connections: 250, batchSize: 100, batchDelayMs: 50, closeMs: 10_000 };

  it.each([
    [0, 100],
    [49, 100],
    [50, 200],
    [100, 250],
    [9_999, 250],
    [10_000, 150],
    [10_050, 50],
    [10_100, 0],
    [60_000, 0],
  ])('%i ms after the start: %i', (elapsedMs, due) => {
    expect(connectionsDue(ramp, elapsedMs)).toBe(due);
  });

  it('is all or nothing without a delay between batches', () => {
    expect(connectionsDue({ ...ramp, batchDelayMs: 0 }, 0)).toBe(250);
    expect(connectionsDue({ ...ramp, batchDelayMs: 0 }, 10_000)).toBe(0);
  });
});

describe('countOf()', () => {
  it('reads what k6 answers', () => {
    const answer =
      '{"data":{"type":"metrics","id":"ws_connections_open","attributes":{"type":"counter","contains":"default","tainted":null,"sample":{"count":330,"rate":16.5}}}}';
    expect(countOf(answer)).toBe(330);
    expect(countOf(answer.replace('330', '-2'))).toBe(-2);
  });

  it('is null when k6 does not know the metric yet', () => {
    expect(countOf('{"errors":[{"status":"404","title":"Not Found"}]}')).toBeNull();
  });
});
