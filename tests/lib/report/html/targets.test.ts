import { expect, it } from 'vitest';
import { limitOf, targetList } from '../../../../lib/report/html/targets.ts';
import { aSummary } from '../a-summary.ts';

it.each([
  ['ws_connect_success', '> 95 %', 0.95],
  ['ws_connect_success', '> 99.5 %', 0.995],
  ['ws_delivery_success', '>= 99 %', 0.99],
  ['ws_connect_time', '< 10s', 10_000],
  ['ws_establish_time', '< 1m30s', 90_000],
  ['ws_message_rtt', '< 250ms', 250],
  ['generator_memory', '< 2.5GB', 2.5e9],
  ['ws_script_errors', '0', null],
  ['ws_messages_sent', '> 0', null],
])('the limit of %s %s is %s', (metric, target, limit) => {
  expect(limitOf({ name: '', metric, target, actual: 1, pass: true })).toBe(limit);
});

it('shows each target with its bar, and those that want 0 in one line', () => {
  const summary = aSummary();
  const html = targetList(summary.targets, summary)?.html ?? '';
  expect(html.match(/class="bar"/g)).toHaveLength(5);
  expect(html).toContain('1,000 of 1,000');
  expect(html).toContain('0, as they have to be: never attempted, connects pending');
});

it('says what was missed and what is not judged without colours', () => {
  const summary = aSummary({
    targets: [
      { name: 'held', metric: 'ws_connections_held', target: '> 95 %', actual: 0.5, pass: false },
      { name: 'open', metric: 'ws_connections_open', target: '0', actual: 3, pass: false },
      { name: 'memory', metric: 'generator_memory', target: '< 500MB', actual: null, pass: null },
    ],
  });
  const html = targetList(summary.targets, summary)?.html ?? '';
  expect(html.match(/missed/g)).toHaveLength(2);
  expect(html).toContain('50.00 %');
  expect(html).toContain('not judged');
});
