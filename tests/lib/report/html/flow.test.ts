import { describe, expect, it } from 'vitest';
import { type Flow, flowInWords, flowsOf } from '../../../../lib/report/html/flow.ts';
import { narrowFlow, wideFlow } from '../../../../lib/report/html/flow-picture.ts';
import { aSummary } from '../a-summary.ts';

const broken = aSummary({
  connections: {
    planned: 1_000,
    attempted: 990,
    unattempted: 10,
    established: 900,
    failed: { refused: 60, reset: 30 },
    ready: 880,
    notReady: { timeout: 20 },
    closed: 800,
    dropped: { reset: 80 },
  },
  messages: { sent: 100, answered: 60, sentOnly: 30, failed: { timeout: 10 }, refused: {}, unexpected: 0 },
  deliveries: { expected: 500, delivered: 499, missing: 1, duplicate: 0 },
});

describe('the books as flows', () => {
  it('go from planned to closed, with what is lost on the way', () => {
    expect(flowsOf(broken).map(flowInWords)).toEqual([
      'Connections: planned 1,000; never attempted 10, attempted 990; failed 90, established 900; not ready 20, ready 880; dropped 80, closed as planned 800',
      'Messages: sent 100; failed 10, sent only 30, answered 60',
      'Deliveries: expected 500; missing 1, delivered 499',
    ]);
  });

  it('go by a login that nobody missed', () => {
    const login = { name: 'logins pending', metric: 'ws_ready_pending', target: '0', actual: 0, pass: true };
    const { targets } = aSummary();
    expect(flowInWords(flowsOf(aSummary({ targets: [...targets, login] }))[0] as Flow)).toContain(
      'established 1,000; ready 1,000; closed as planned 1,000',
    );
  });

  it('leave out the login that a conversation does not have, and what was never sent', () => {
    const quiet = aSummary({
      messages: { sent: 0, answered: 0, sentOnly: 0, failed: {}, refused: {}, unexpected: 0 },
    });
    expect(flowsOf(quiet).map(flowInWords)).toEqual([
      'Connections: planned 1,000; attempted 1,000; established 1,000; closed as planned 1,000',
    ]);
  });

  it.each([wideFlow, narrowFlow])('say each number, and draw even one of a million', (picture) => {
    const million = flowsOf(
      aSummary({ deliveries: { expected: 1_000_000, delivered: 999_999, missing: 1, duplicate: 0 } }),
    ).at(-1);
    const { html } = picture(million?.stages ?? [], 'words');
    for (const number of ['1,000,000', '999,999', '>1<']) expect(html).toContain(number);
    const [, width, height] = /class="end loss"[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(html) ?? [];
    expect(Math.min(Number(width), Number(height))).toBeGreaterThan(2);
    expect(html).not.toMatch(/NaN|undefined|Infinity|-\d+(\.\d+)?" (width|height)/);
  });

  it.each([wideFlow, narrowFlow])('stand a run in which all failed', (picture) => {
    const dead = aSummary({
      connections: {
        ...broken.connections,
        attempted: 1_000,
        unattempted: 0,
        established: 0,
        failed: { refused: 1_000 },
        ready: 0,
        notReady: {},
        closed: 0,
        dropped: {},
      },
    });
    const { html } = picture(flowsOf(dead)[0]?.stages ?? [], '');
    expect(html).toContain('established');
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });
});
