import { expect, it } from 'vitest';
import { k6MetricsText } from '../../../lib/report/k6-text.ts';
import { k6DataOf, trend } from './k6-data-of.ts';

it("shows k6's metrics in its usual form and the figures that were added, without the parts by tag", () => {
  const text = k6MetricsText({
    metrics: {
      vus: { type: 'gauge', contains: 'default', values: { value: 1, min: 1, max: 100 } },
      data_sent: { type: 'counter', contains: 'data', values: { count: 1_234_567, rate: 94.4 } },
      ws_connect_success: { type: 'rate', contains: 'default', values: { rate: 0.9, passes: 900, fails: 100 } },
      ws_message_rtt: trend({
        avg: 1.234,
        min: 0,
        med: 0.5,
        max: 75_400,
        'p(90)': 999.999,
        'p(95)': 119_700,
        'p(99)': 119_800,
        'p(99.9)': 119_900,
        count: 3,
      }),
      'ws_connect_failures{reason:dns}': { type: 'counter', contains: 'default', values: { count: 0, rate: 0 } },
    },
  });
  expect(text).toBe(
    [
      '  k6 metrics',
      '    data_sent............: 1.2 MB 94 B/s',
      '    vus..................: 1 min=1 max=100',
      '    ws_connect_success...: 90.00% 900 out of 1,000',
      '    ws_message_rtt.......: avg=1.23ms min=0s med=500µs max=1m15s p(90)=1s p(95)=2m0s p(99.9)=2m0s',
      '',
    ].join('\n'),
  );
});

it('shows a counter that goes up and down, and fractions, as they are', () => {
  const { metrics } = k6DataOf({ attempted: 3, counters: [0, -2, 0, 0] });
  expect(k6MetricsText({ metrics })).toMatch(/ws_connects_pending\.+: -2 -0\.15\/s/);
});
