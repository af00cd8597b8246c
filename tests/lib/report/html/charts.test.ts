import { describe, expect, it } from 'vitest';
import { type Chart, chartsOf, MAX_POINTS } from '../../../../lib/report/html/charts.ts';
import { type Recording, readRecording } from '../../../../lib/report/html/recording.ts';
import { aRecording, aTrend, type MadeMetric, secondsTo } from './a-recording.ts';

const counter = (at: (second: number) => number, from = 0): MadeMetric => ({
  type: 'counter',
  at: (s) => [at(s), 0],
  from,
});
const gauge = (at: (second: number) => number): MadeMetric => ({ type: 'gauge', at: (s) => [at(s)] });
const charted = (made: Record<string, MadeMetric>, end = 4): Chart[] =>
  chartsOf(readRecording(aRecording(made, secondsTo(end))) as Recording);
const linesOf = (charts: Chart[], title: string) =>
  Object.fromEntries(
    charts.find((chart) => chart.title === title)?.lines.map(({ label, values }) => [label, values]) ?? [],
  );

describe('the charts of a recording', () => {
  it('are those for which it has points', () => {
    const charts = charted({ ws_message_rtt: { type: 'trend', at: aTrend }, ws_outages: counter(() => 0) });
    expect(charts.map(({ title }) => title)).toEqual(['Round trip']);
    expect(linesOf(charts, 'Round trip')).toEqual({ p50: [1, 2, 3, 4], p95: [3, 6, 9, 12], p99: [6, 12, 18, 24] });
  });

  it('count per second what was added in each period, nothing lost', () => {
    const charts = charted({
      ws_connect_attempts: counter((s) => s * s),
      'ws_connect_failures{reason:refused}': counter((s) => s, 3),
    });
    expect(linesOf(charts, 'Attempts and failures')).toEqual({
      attempts: [1, 3, 5, 7],
      'failed: refused': [null, null, 3, 1],
    });
  });

  it('give the last moment, which is no whole period, to the period before', () => {
    const recording = readRecording(
      aRecording({ ws_messages_sent: counter((s) => (s > 3 ? 36 : s * 10)) }, [1, 2, 3, 3.01]),
    ) as Recording;
    const sent = linesOf(chartsOf(recording), 'Messages')['sent'] as number[];
    expect(sent.slice(0, 2)).toEqual([10, 10]);
    expect(sent[2]).toBeCloseTo(16 / 1.01);
    expect(sent[3]).toBeNull();
  });

  it('show the level of what is open, beside the plan where k6 was asked for it', () => {
    const level = { ws_connections_open: counter((s) => (s < 3 ? 10 : 0)) };
    expect(linesOf(charted(level), 'Open connections against the plan')).toEqual({ open: [10, 10, 0, 0] });
    const both = { ...level, ws_connections_now: gauge((s) => s), ws_connections_due: gauge((s) => s + 1) };
    expect(linesOf(charted(both), 'Open connections against the plan')).toEqual({
      open: [1, 2, 3, 4],
      plan: [2, 3, 4, 5],
    });
  });

  it('put the rarest of many reasons together', () => {
    const reasons = ['dns', 'refused', 'reset', 'tls', 'http_4xx', 'http_5xx', 'forbidden', 'other'];
    const charts = charted(
      Object.fromEntries(
        reasons.map((reason, i) => [`ws_connect_failures{reason:${reason}}`, counter((s) => s * (8 - i))]),
      ),
    );
    const lines = linesOf(charts, 'Attempts and failures');
    expect(Object.keys(lines)).toEqual([
      ...reasons.slice(0, 5).map((reason) => `failed: ${reason}`),
      'failed: 3 others',
    ]);
    expect(lines['failed: 3 others']).toEqual([6, 6, 6, 6]);
  });

  it('show outages, memory and CPU by whose they are', () => {
    const charts = charted({
      ws_outages_open: counter((s) => s),
      generator_memory: gauge(() => 1e9),
      ws_target_memory: gauge(() => 2e9),
      host_cpu: gauge(() => 0.4),
    });
    expect(Object.keys(linesOf(charts, 'Outages'))).toEqual(['clients down']);
    expect(Object.keys(linesOf(charts, 'Memory'))).toEqual(['k6, peak so far', 'target']);
    expect(linesOf(charts, 'CPU of the host of k6')).toEqual({ 'in use': [0.4, 0.4, 0.4, 0.4] });
  });

  it('of an hour have few points and all peaks', () => {
    const [chart] = charted({ ws_message_rtt: { type: 'trend', at: (s) => aTrend(s === 1234 ? 500 : 2) } }, 3_600);
    expect(chart?.times.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(Math.max(...((chart as Chart).lines[0]?.values ?? []).map(Number))).toBe(500);
  });
});
