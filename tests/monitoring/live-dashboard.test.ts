import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MESSAGE_FAILURES } from '../../lib/connection/outcome.ts';
import { METRIC } from '../../lib/metrics/names.ts';

interface Panel {
  id: string;
  title: string;
  kind: string;
  summary: string;
  series: { query: string; legend?: string }[];
}

/** xk6-dashboard's layout: the file in the working directory replaces its own. */
const layout: { tabs: { id: string; sections: { id: string; panels: Panel[] }[] }[] } = JSON.parse(
  readFileSync('.dashboard.json', 'utf8'),
);
const sections = layout.tabs.flatMap((tab) => tab.sections);
const panels = sections.flatMap((section) => section.panels);

/** Metrics that a query reads: its start, or the names it asks for. */
const metricsOf = ({ series }: Panel) =>
  series.flatMap(({ query }) => [
    ...(/^\w+/.exec(query) ?? []),
    ...[...query.matchAll(/name == '(\w+)'/g)].map(([, name]) => name as string),
  ]);

/** Samples that one VU adds in one breath, so that each is there when the other is (lib/connection/life.ts). */
const TOGETHER = [
  ['ws_connect_attempts', 'generator_lag'],
  ['ws_connect_time', 'ws_establish_time'],
  ['ws_message_rtt', 'ws_message_response_time'],
  ['ws_connections_now', 'ws_connections_due'],
];

describe('.dashboard.json', () => {
  it('reads metrics of this package only', () => {
    const live = ['ws_connections_now', 'ws_connections_due'];
    for (const panel of panels) {
      for (const metric of metricsOf(panel)) expect([...Object.values(METRIC), ...live], panel.title).toContain(metric);
    }
  });

  it('shows all of them', () => {
    const shown = panels.flatMap(metricsOf);
    for (const metric of Object.values(METRIC)) expect(shown).toContain(metric);
  });

  it('gives each tab, section and panel its own id, and each chart an explanation', () => {
    const ids = [...layout.tabs, ...sections, ...panels].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { kind, summary, title } of panels) if (kind === 'chart') expect(summary, title).toMatch(/\.$/);
  });

  it('says what each reason of a failed message means, and of no other', () => {
    const summary = panels.find(({ title }) => title === 'Message failures')?.summary ?? '';
    expect([...summary.matchAll(/(\w+):/g)].map(([, reason]) => reason)).toEqual([...MESSAGE_FAILURES]);
  });

  // k6's page shows a section once one of its charts has data, and breaks for good when another chart of it gets its
  // first series, or a chart one more series, after that (useSeries in xk6-dashboard-assets v0.1.2).
  it('has charts in one section only when their first samples come together', () => {
    for (const { panels: members } of sections) {
      const charts = members.filter(({ kind }) => kind === 'chart');
      const metrics = [...new Set(charts.flatMap(metricsOf))];
      if (metrics.length > 1) expect(TOGETHER).toContainEqual(metrics);
    }
  });

  it('has no chart with a series for each tag: they come one after the other', () => {
    for (const panel of panels.filter(({ kind }) => kind === 'chart')) {
      for (const { query } of panel.series) expect(query, panel.title).toMatch(/^\w+\[\?!tags && \w+\]$/);
    }
  });
});
