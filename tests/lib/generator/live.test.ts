import { describe, expect, it } from 'vitest';
import { addLiveFigures, countOf, dueAt } from '../../../lib/generator/live.ts';

describe('dueAt()', () => {
  const ramp = { connections: 250, batchSize: 100, batchDelayMs: 50, closeMs: 10_000, steps: null };

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
    expect(dueAt(ramp, elapsedMs)).toBe(due);
  });

  it('is all or nothing without a delay between batches', () => {
    expect(dueAt({ ...ramp, batchDelayMs: 0 }, 0)).toBe(250);
    expect(dueAt({ ...ramp, batchDelayMs: 0 }, 10_000)).toBe(0);
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

describe('addLiveFigures()', () => {
  const run = {
    connections: 400,
    batchSize: 100,
    batchDelayMs: 50,
    closeMs: 10_000,
    steps: null,
    generatorAddress: '127.0.0.1:1',
  };

  /** What was added when k6 answers with `body`, or not at all. */
  function added(body: string | Error, share = 400) {
    const samples: [string, unknown][] = [];
    const get = (url: string) => {
      if (body instanceof Error) throw body;
      samples.push(['asked', url]);
      return { body };
    };
    addLiveFigures(
      {
        http: { get: get as never },
        connectionsNow: (value) => samples.push(['now', value]),
        connectionsDue: (value) => samples.push(['due', value]),
      },
      run,
      share,
      50,
    );
    return samples;
  }
  const answer = '{"data":{"attributes":{"sample":{"count":150,"rate":3}}}}';

  it('adds what is open and what the plan has open, of this process', () => {
    const asked = ['asked', 'http://127.0.0.1:1/v1/metrics/ws_connections_open'];
    expect(added(answer)).toEqual([asked, ['now', 150], ['due', 200]]);
    expect(added(answer, 100)).toEqual([asked, ['now', 150], ['due', 50]]);
  });

  it('adds both or neither', () => {
    expect(added('{"errors":[]}')).toHaveLength(1);
    expect(added(new Error('refused'))).toEqual([]);
  });
});
