import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mergeSummaries } from '../../../lib/report/merge.ts';
import { mergedText } from '../../../lib/report/merged-text.ts';
import type { Summary, TargetResult } from '../../../lib/report/summary.ts';
import { reportText } from '../../../lib/report/text.ts';
import { tierSections } from '../../../lib/report/tiers-text.ts';
import { aSummary } from './a-summary.ts';

/** k6's own metrics are as wide as k6 makes them. */
function expectToFit(report: string): void {
  const lines = (report.split('  k6 metrics\n')[0] as string).split('\n');
  expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
}

const nothing = (name: string, metric: string, pass: boolean | null, target = '> 99.5 %'): TargetResult => ({
  ...{ name, metric, target, pass },
  actual: null,
});

const GOLDEN = new URL('../../golden/', import.meta.url);
const reports = readdirSync(GOLDEN).filter((name) => name.startsWith('report-'));

it.each(reports)('%s fits 80 columns', (name) => {
  expectToFit(readFileSync(new URL(name, GOLDEN), 'utf8'));
});

it('a report whose longest name has no sample fits 80 columns, and says so in fewer letters', () => {
  const { targets, messages } = aSummary();
  const none = nothing('message success in the hold', 'ws_message_success{phase:hold}', false);
  const many = { ...messages, sent: 1_160_000, answered: 1_160_000 };
  const text = reportText(aSummary({ targets: [...targets, none], messages: many }), 'plan', false);
  expectToFit(text);
  expect(text).toMatch(/✗ {2}message success in the hold {2}> 99\.5 % +none +fails without samples$/m);
  expect(text).toMatch(/message success +> 90 % +100\.00 % +1,160,000 of 1,160,000$/m);
});

it('a report of clients of which none was dropped fits 80 columns', () => {
  const { targets } = aSummary();
  const reconnect = {
    clients: { planned: 1_000, unattempted: 0, connected: 1_000, up: 1_000, down: {}, givenUp: 0 },
    outages: { drops: 0, recovered: 0, open: 0 },
  } as unknown as NonNullable<Summary['reconnect']>;
  const recovery = nothing('recovery', 'ws_recovery_time', null, '< 1m');
  const hold = {
    ...recovery,
    name: 'message success in the hold',
    metric: 'ws_message_success',
    actual: 1,
    pass: true,
  };
  const text = reportText(aSummary({ targets: [...targets, recovery, hold], reconnect }), 'plan', false);
  expectToFit(text);
  expect(text).toContain('nothing was dropped');
});

it('the table of tiers fits 80 columns, measured or not', () => {
  const tier = (connections: number, actual: number | null, memory: number | null) => {
    const { targets: _, ...books } = aSummary();
    const of = (metric: string, target: string, value: number | null): TargetResult => ({
      ...{ name: metric, metric: `${metric}{scenario:tier_${connections}}`, target },
      ...{ actual: value, pass: value === null ? null : false },
    });
    return {
      ...books,
      tier: connections,
      memoryBytes: null,
      targets: [
        of('ws_connect_success', '> 97.5 %', actual),
        of('generator_memory', '< 1.95GB', memory),
        of('ws_establish_time', '< 1m30s', actual === null ? null : 123_450),
      ],
    };
  };
  const sections = tierSections(
    aSummary({ targets: [] }),
    [tier(100_000, 0.1234, 2.34e9), tier(100, null, null)],
    false,
  );
  expectToFit(sections.flatMap(({ lines }) => lines.map((line) => `    ${line}`)).join('\n'));
});

it('the report of several processes fits 80 columns', () => {
  const halves = ['0:1/2', '1/2:1'].map((segment, i) => {
    const summary = aSummary();
    summary.plan = { ...summary.plan, connections: 2_000, segment };
    return { source: `process-${i + 1}/summary.json`, summary };
  });
  expectToFit(mergedText(mergeSummaries(halves), false));
});
