import { expect, it } from 'vitest';
import { factsOf, wordsOf } from '../../../../lib/report/html/other-parts.ts';

const textOf = (value: unknown) =>
  (factsOf(value)?.html ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
const latency = { count: 3, avg: 2, min: 1, med: 2, p90: 3, p95: 4, p99: 5, max: 1_500 };

it.each([
  ['roundTripP95Ms', 'round trip p95'],
  ['back95Ms', 'back 95'],
  ['failedAt', 'failed at'],
  ['memoryBytes', 'memory'],
])('calls %s %s', (name, words) => expect(wordsOf(name)).toBe(words));

it('shows figures in their units, counts by reason as they are, and nothing that is empty', () => {
  expect(
    textOf({ holds: 7_000, failedAt: null, isAtLeast: true, waitMs: 2_300, down: { server_close: 3 }, reasons: [] }),
  ).toBe('holds 7,000 is at least yes wait 2.3s down server_close 3');
  expect(textOf({ availability: 0.9987, downMs: latency })).toBe(
    'availability 99.87 % down med 2.0, p95 4.0, max 1,500 ms',
  );
  expect(textOf({ memoryBytes: { before: 1e8, peak: 2e9, after: null } })).toBe('memory before 100MB, peak 2GB');
});

it('shows lists of objects as tables, and what is below under its own title', () => {
  expect(
    textOf({
      clients: { planned: 5, down: { reset: 1 } },
      events: [
        { at: 'x', open: 0 },
        { at: 'y', open: 2 },
      ],
    }),
  ).toBe('clients planned 5 down reset 1 events at open x 0 y 2');
});

it('calls targets met only where they were judged', () => {
  const step = (pass: boolean | null) => ({
    connections: 1_000,
    targets: [{ name: 'connect time', metric: 'ws_connect_time{step:1000}', target: '< 10s', actual: 40, pass }],
  });
  expect(textOf([step(true), step(false), step(null)])).toBe(
    'connections targets 1,000 met 1,000 connect time 40ms, asked &lt; 10s 1,000 -',
  );
});

it('leaves to programs what is too much to read, and series by the second of the epoch', () => {
  expect(textOf({ withheld: 3, bySecond: { 1795680000: [4, 2], 1795680001: [1, 1] } })).toBe(
    'withheld 3 by second 2 of them, in summary.json',
  );
  const bySecond = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [String(i), [1, 2]]));
  expect(textOf({ bySecond })).toBe('by second 100 of them, in summary.json');
});
