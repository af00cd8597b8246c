import { describe, expect, it } from 'vitest';
import { reportHtml } from '../../../lib/report/html/page.ts';
import { junit } from '../../../lib/report/junit.ts';
import { mergeSummaries, NotOneTest } from '../../../lib/report/merge.ts';
import { mergedText } from '../../../lib/report/merged-text.ts';
import { aSummary } from './a-summary.ts';

const SEGMENTS = ['0:1/4', '1/4:1/2', '1/2:3/4', '3/4:1'];
const quarter = (index: number) => {
  const summary = aSummary();
  summary.plan.connections = 4_000;
  summary.plan.segment = SEGMENTS[index] as string;
  return { source: `process-${index + 1}/summary.json`, summary };
};
const SECOND = { process: 2, segment: '1/4:1/2', planned: 1_000, why: 'was ended by SIGKILL' };

describe('a process that left no report', () => {
  const merged = mergeSummaries([0, 2, 3].map(quarter), 4, [SECOND]);

  it('fails the whole, whatever the others say', () => {
    expect(merged.verdict).toBe('fail');
    expect(merged.targets.at(-1)).toEqual({
      name: 'processes that reported',
      metric: 'processes',
      target: '4',
      actual: 3,
      pass: false,
    });
    expect(merged.missing).toEqual([SECOND]);
    expect(junit(merged)).toContain('processes that reported: measured 3, asked 4');
  });

  it('is in no count, and the books of the others balance', () => {
    expect(merged.connections.planned).toBe(3_000);
    expect(merged.plan).toMatchObject({ connections: 4_000, share: 3_000 });
    expect(merged.balanced).toBe(true);
  });

  it('is named first, with its share', () => {
    const text = mergedText(merged, false);
    expect(text).toContain('FAIL  concurrent: missed processes that reported');
    expect(text).toContain('by 4 processes');
    expect(text).toContain(
      [
        '  Missing',
        '    ! process 2 of 4 (segment 1/4:1/2) left no report: it was ended by SIGKILL.',
        '    Its 1,000 of 4,000 planned connections are in no figure below.',
      ].join('\n'),
    );
  });

  it('is named before all else in report.html, too', () => {
    const html = reportHtml(merged);
    expect(html).toContain('4 processes.');
    expect(html.indexOf('was ended by SIGKILL')).toBeGreaterThan(0);
    expect(html.indexOf('was ended by SIGKILL')).toBeLessThan(html.indexOf('id="targets"'));
  });

  it('that nobody knows of is still an error', () => {
    expect(() => mergeSummaries([0, 3].map(quarter), 4, [SECOND])).toThrow(NotOneTest);
    expect(() => mergeSummaries([0, 2].map(quarter), null, [SECOND])).toThrow('segment 3/4:1 is missing');
  });

  it('the plan of all is told as a single process tells it', () => {
    const parts = [0, 1, 2, 3].map(quarter);
    for (const { summary } of parts) summary.description = 'up to 4,000 connections to ws://a/ in 4 steps of 1,000';
    expect(mergedText(mergeSummaries(parts), false).replace(/\s+/g, ' ')).toContain(
      'up to 4,000 connections to ws://a/ in 4 steps of 1,000; by 4 processes',
    );
  });

  it('is not said where all have reported', () => {
    const whole = mergeSummaries([0, 1, 2, 3].map(quarter), 4, []);
    expect(whole).not.toHaveProperty('missing');
    expect(mergedText(whole, false)).not.toContain('Missing');
    expect(whole.verdict).toBe('pass');
    expect(mergedText(whole, false)).toMatch(/Memory is the largest process, \S+ together; the target holds for each/);
  });
});
