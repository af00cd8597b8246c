import { describe, expect, it } from 'vitest';
import { reportHtml } from '../../../../lib/report/html/page.ts';
import { aSummary } from '../a-summary.ts';
import { aFailedSummary, REASONS } from './a-failed-summary.ts';

/** The words of the page, without its tags and its style. */
const textOf = (html: string) =>
  html
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

describe('report.html of a healthy run', () => {
  const html = reportHtml(aSummary());

  it('begins with the verdict', () => {
    expect(textOf(html)).toMatch(/^ PASS concurrent concurrent ✓ PASS All targets met/);
  });

  it('has targets, books, percentiles and settings', () => {
    const text = textOf(html);
    expect(text).toContain('connect success &gt; 95 % 100.00 % 1,000 of 1,000');
    expect(text).toContain('planned 1,000 = attempted 1,000');
    expect(text).toContain('round trip 2.0 1.0 2.0 3.0 4.0 5.0 9.0');
    expect(text).toContain('hold 10s');
  });

  it('has no failures, and runs no script', () => {
    expect(html).not.toContain('id="failures"');
    expect(html).not.toContain('<script');
    expect(html).toContain("script-src 'none'");
    expect(html).toContain("default-src 'none'");
  });

  it('names no address but that of the target', () => {
    expect([...html.matchAll(/\w+:\/\/[^\s"<]+/g)].map(([url]) => url)).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^https?:/)]),
    );
  });
});

describe('report.html of a run that failed in all ways', () => {
  const html = reportHtml(aFailedSummary());
  const text = textOf(html);

  it('names each reason with its count and advice', () => {
    for (const reason of REASONS) expect(html).toContain(`<code>${reason}</code>`);
    expect(text).toContain('Network or this host: a name was not resolved');
    expect(text).toContain('close 4401: bad token');
    expect(text).toContain('✗ FAIL Missed connect success');
  });

  it('shows words of the server as words', () => {
    expect(html).not.toMatch(/<(?!\/?(?:script|style)\b)[^>]*\bonerror/i);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('says that the generator was a limit where the verdict stands', () => {
    expect(html.indexOf('It ran out of local ports')).toBeLessThan(html.indexOf('id="targets"'));
  });
});

describe('report.html', () => {
  it('shows what a scenario has of its own, also what this page does not know', () => {
    const latency = { count: 9, avg: 2, min: 1, med: 2, p90: 3, p95: 4, p99: 5, max: 9 };
    const step = (connections: number, actual: number) => ({
      ...{ connections, planned: connections, established: connections, ready: connections, open: connections },
      pass: actual < 500,
      targets: [
        { name: 'round trip p95', metric: 'ws_message_rtt{step:1}', target: '< 500ms', actual, pass: actual < 500 },
      ],
      ...{ roundTripMs: latency, connectMs: latency, lagMs: null, limits: [] },
    });
    const text = textOf(
      reportHtml({
        ...aSummary({
          capacity: {
            ...{ holds: 7_000, failedAt: 8_000, isAtLeast: false, reasons: ['round trip <b>'], causes: [] },
            steps: [step(7_000, 20), step(8_000, 2_300)],
          },
        }),
        ...{ inventedLater: { waitMs: 1_500 } },
      }),
    );
    expect(text.indexOf('Capacity')).toBeLessThan(text.indexOf('Targets'));
    expect(text).toContain('Capacity holds 7,000 failed at 8,000 is at least no reasons round trip &lt;b&gt;');
    expect(text).toContain('8,000 8,000 8,000 8,000 8,000 no round trip p95 2.3s, asked &lt; 500ms');
    // Of the steps' targets those of the one that decided.
    expect(text.slice(text.indexOf('Targets'))).toMatch(/missed round trip p95 &lt; 500ms 2.3s/);
    expect(text).toContain('Invented later wait 1.5s');
  });

  it('has the storm beside the batched run, its advice, tiers and processes', () => {
    const run = {
      scenario: 'concurrent',
      batchSize: 100,
      batchDelayMs: 50,
      attempted: 1_000,
      established: 1_000,
      failed: {},
      connectP95Ms: 20,
      establishMs: 500,
    };
    const summary = aFailedSummary();
    const storm = textOf(
      reportHtml({
        ...summary,
        plan: { ...summary.plan, insteadOf: { batchSize: 100, batchDelayMs: 50 } },
        comparison: {
          file: 'before.json',
          batched: run,
          storm: { ...run, scenario: 'storm', failed: { refused: 100 } },
        },
      }),
    );
    expect(storm).toContain('failed: refused 0 100');
    expect(storm).toContain('the scenario concurrent opens 100 at a time');
    const { targets, ...books } = aSummary();
    const tiers = textOf(reportHtml(aSummary({ tiers: [{ ...books, targets, tier: 5_000, memoryBytes: null }] })));
    expect(tiers).toContain('Where 5,000 went');
    const process = {
      source: 'a/summary.json',
      segment: '0:1/2',
      verdict: 'pass' as const,
      planned: 500,
      established: 500,
      memoryBytes: 1e8,
    };
    expect(textOf(reportHtml({ ...aSummary(), processes: [process] }))).toContain(
      '0:1/2 500 500 100MB ✓ a/summary.json',
    );
  });

  it('leaves it to the browser where a line of the balance ends', () => {
    const pushes = { membership_changed: 12_347, message_of_another: 12_346, presence: 12_345, heartbeat: 12_344 };
    const html = reportHtml(aSummary({ pushes }));
    expect(html).toContain(
      '<li>pushes: 12,347 membership_changed, 12,346 message_of_another, 12,345 presence, 12,344 heartbeat</li>',
    );
  });

  it('says of requests that want no reply that they were sent only', () => {
    const { roundTrip: latencyMs } = aSummary().latencyMs;
    const byRequest = {
      ask: { sent: 100, answered: 100, failed: 0, latencyMs },
      tell: { sent: 1_900, answered: 0, failed: 0, latencyMs: null },
    };
    const messages = { ...aSummary().messages, sentOnly: 1_900, answered: 100, byRequest };
    const text = textOf(reportHtml(aSummary({ messages })));
    expect(text).toContain('ask 100 100 0 2.0');
    expect(text).toContain('tell 1,900 sent only 0 - -');
  });

  it('says when the run ended and what ran', () => {
    const text = textOf(
      reportHtml(
        aSummary({ endedAt: '2026-11-26T12:04:05.678Z', versions: { k6: '2.2.0', scripts: '0.2.0', system: 'Linux' } }),
      ),
    );
    expect(text).toContain('Ended 2026-11-26 12:04 UTC, after 13s.');
    expect(text).toContain('k6 v2.2.0 scripts k6-websocket-concurrency 0.2.0 system Linux');
  });
});
