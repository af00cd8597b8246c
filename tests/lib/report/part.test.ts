import { expect, it } from 'vitest';
import type { K6Metric } from '../../../lib/report/k6-data.ts';
import { partOf } from '../../../lib/report/part.ts';

const counter = (count: number): K6Metric => ({ type: 'counter', contains: 'default', values: { count } });

it('keeps what carries the tag, without it, and nothing of other parts or of the whole', () => {
  const data = {
    metrics: {
      a: counter(100),
      'a{scenario:tier_10}': counter(10),
      'a{scenario:tier_100}': counter(90),
      'b{reason:dns,scenario:tier_10}': counter(1),
      'c{scenario:tier_10, reason:tls}': counter(2),
      'b{reason:dns}': counter(7),
    },
  };
  expect(partOf(data, 'scenario:tier_10').metrics).toEqual({
    a: counter(10),
    'b{reason:dns}': counter(1),
    'c{reason:tls}': counter(2),
  });
});
