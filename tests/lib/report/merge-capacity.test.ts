import { expect, it } from 'vitest';
import { mergeSummaries } from '../../../lib/report/merge.ts';
import { mergedText } from '../../../lib/report/merged-text.ts';
import { ALL_HELD, ENDED_AT_3000, type Step, summaryOfFour } from './capacity-data.ts';

const held: Step[] = [{ planned: 1_000 }, { planned: 2_000 }];

/** One of two processes of a test of 8,000: each has as many connections as the whole of the test of four steps. */
function half(index: number, summary: ReturnType<typeof summaryOfFour>) {
  summary.plan = { ...summary.plan, connections: 8_000, segment: index === 0 ? '0:1/2' : '1/2:1' };
  for (const step of summary.capacity.steps) step.connections *= 2;
  return { source: `${index}.json`, summary };
}

it('together hold what each of them holds', () => {
  const all = () => summaryOfFour([...held, { planned: 3_000 }, { planned: 4_000 }], ALL_HELD);
  const merged = mergeSummaries([half(0, all()), half(1, all())]);
  expect(merged.verdict).toBe('pass');
  expect(merged.capacity).toMatchObject({ holds: 8_000, failedAt: null });
  expect(merged.capacity?.steps[1]).toMatchObject({ planned: 4_000, open: 4_000, pass: true });
});

it('the first step that one of them failed decides, whatever the other was at when it was ended', () => {
  const failed = summaryOfFour([...held, { planned: 3_000, rttMs: 900 }], ENDED_AT_3000);
  const ended = summaryOfFour(held, ENDED_AT_3000);
  const merged = mergeSummaries([half(0, ended), half(1, failed)]);
  expect(merged.capacity).toMatchObject({ holds: 4_000, failedAt: 6_000, isAtLeast: false });
  expect(merged.capacity?.reasons).toEqual(["the round trip's p95 was 900ms, limit 500ms"]);
  expect(merged.targets.filter(({ pass }) => pass === false).map(({ name }) => name)).toEqual([
    'round trip p95 at 3,000',
  ]);
  expect(merged.verdict).toBe('fail');
  expect(merged.balanced).toBe(true);
  expect(mergedText(merged, false)).toContain("FAIL  capacity: holds 4,000; at 6,000 the round trip's p95 was 900ms");
});

it('a share that one of them missed by itself has ended the test for all, whatever the sums are', () => {
  const all = (open: number) => summaryOfFour([...held, { planned: 3_000 }, { planned: 4_000, open }], ALL_HELD);
  // By itself one of them holds 94 %, where more than 95 % are asked; together they hold 97 %.
  const merged = mergeSummaries([half(0, all(3_760)), half(1, all(4_000))]);
  expect(merged.capacity).toMatchObject({ failedAt: 8_000, reasons: ['connections held were 94.00 %, limit 95 %'] });
});

it('a generator at its limit in one of them is named with its segment', () => {
  const failed = summaryOfFour([...held, { planned: 3_000, rttMs: 900, lagMs: 2_000 }], ENDED_AT_3000);
  const ended = summaryOfFour(held, ENDED_AT_3000);
  const { capacity } = mergeSummaries([half(0, failed), half(1, ended)]);
  expect(capacity?.isAtLeast).toBe(true);
  expect(capacity?.steps[2]?.limits).toEqual([expect.stringMatching(/^segment 0:1\/2: It acted 2s late/)]);
});

it('hold nothing for sure where the report of one is missing, although the others held their parts', () => {
  const reported = half(0, summaryOfFour([...held, { planned: 3_000 }, { planned: 4_000 }], ALL_HELD));
  const missing = [{ process: 2, segment: '1/2:1', planned: 4_000, why: 'was ended by SIGKILL' }];
  const merged = mergeSummaries([reported], 2, missing);
  expect(merged.capacity).toMatchObject({ holds: 0, failedAt: null });
  expect(mergedText(merged, false)).not.toContain('holds at least');
});
