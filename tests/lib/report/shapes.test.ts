import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { byReason, figure, wordsOf } from '../../../lib/report/k6-data.ts';
import { latencyOf } from '../../../lib/report/latency.ts';
import { k6DataFrom } from '../../../lib/report/shapes.ts';

/**
 * Recorded from k6 v2.2.0, which ran one script with and without `--new-machine-readable-summary`: 2 refused, 2 of 3
 * established in 3 and 5.5 ms, no sample of generator_lag, 4 bytes of memory. `--summary-mode=full` hands over the usual one.
 */
const recorded = (name: string) =>
  k6DataFrom(JSON.parse(readFileSync(new URL(`shapes/${name}.json`, import.meta.url), 'utf8')));

describe.each(['usual', 'machine-readable'])('the %s summary of k6', (name) => {
  const data = recorded(name);

  it('has counters, by reason too', () => {
    expect(figure(data, 'ws_connect_failures')).toBe(2);
    expect(byReason(data, 'ws_connect_failures', ['dns', 'refused'])).toEqual({ refused: 2 });
    expect(figure(data, 'ws_connect_failures', 'rate')).toBeGreaterThan(0);
  });

  it('has rates with what passed and what failed', () => {
    expect(data.metrics['ws_connect_success']?.values).toEqual({ rate: 2 / 3, passes: 2, fails: 1 });
  });

  it('has times, and none of a Trend without samples', () => {
    expect(latencyOf(data, 'ws_connect_time')).toMatchObject({ avg: 4.25, min: 3, med: 4.25, p95: 5.375, max: 5.5 });
    expect(latencyOf(data, 'generator_lag')).toBeNull();
  });

  it('has Gauges, words and the length of the run', () => {
    expect(figure(data, 'generator_memory', 'value')).toBe(4);
    expect(wordsOf(data, 'detail')).toEqual({ 'close 1000': 1 });
    expect(data.state?.testRunDurationMs).toBeGreaterThan(0.1);
    expect(data.state?.testRunDurationMs).toBeLessThan(1_000);
  });
});

it('the machine-readable summary tells neither the 99th percentile nor the count of a Trend', () => {
  expect(latencyOf(recorded('usual'), 'ws_connect_time')).toMatchObject({ count: 2, p99: 5.475 });
  expect(latencyOf(recorded('machine-readable'), 'ws_connect_time')).toMatchObject({ count: null, p99: null });
});

it("is not taken from k6's own values, whose fields have other names than in JSON", () => {
  const counter = { toJSON: () => ({ name: 'ws_pushes', type: 'counter', contains: 'default', values: { count: 3 } }) };
  const data = k6DataFrom({ version: '1.0.0', results: { checks: null, metrics: [counter] } });
  expect(figure(data, 'ws_pushes')).toBe(3);
  expect(wordsOf(data, 'detail')).toEqual({});
});

it.each([
  [undefined, 'nothing'],
  [{ version: '2.0.0', totals: {} }, 'version, totals'],
  [{ metrics: [] }, 'metrics'],
])('%j is no summary: an error says what came', (given, named) => {
  expect(() => k6DataFrom(given)).toThrow(
    `k6 handed over a summary of a shape that is not known here, with ${named} in it: expected metrics, or results`,
  );
});
