import { describe, expect, it } from 'vitest';
import { MESSAGE_FAILURES } from '../../lib/connection/outcome.ts';
import { METRIC } from '../../lib/metrics/names.ts';
import { allExpressions, dashboard, panelExpressions } from './expressions.ts';

const COUNTERS = [
  METRIC.connectAttempts,
  METRIC.connectFailures,
  METRIC.connectsUnattempted,
  METRIC.connectsPending,
  METRIC.connectionsOpen,
  METRIC.connectionsClosed,
  METRIC.connectionsDropped,
  METRIC.messagesSent,
  METRIC.messagesPending,
  METRIC.messageFailures,
  METRIC.messageUnexpected,
  METRIC.readyFailures,
  METRIC.readyPending,
  METRIC.pushes,
  METRIC.deliveriesExpected,
  METRIC.deliveries,
  METRIC.deliveriesDuplicate,
  METRIC.clientsReady,
  METRIC.clientsGivenUp,
  METRIC.reconnectAttempts,
  METRIC.outages,
  METRIC.outagesOpen,
  METRIC.outagesOverdue,
  METRIC.requestsWithheld,
  METRIC.scriptErrors,
  METRIC.stepPlanned,
];
const UP_AND_DOWN = [
  METRIC.readyPending,
  METRIC.connectsUnattempted,
  METRIC.connectsPending,
  METRIC.connectionsOpen,
  METRIC.messagesPending,
  METRIC.clientsReady,
  METRIC.outagesOpen,
];
const TRENDS = [
  METRIC.connectTime,
  METRIC.establishTime,
  METRIC.messageRtt,
  METRIC.messageResponse,
  METRIC.messageFirstReply,
  METRIC.readyTime,
  METRIC.deliveryTime,
  METRIC.recoveryTime,
  METRIC.recoveryAttempts,
  METRIC.availability,
  METRIC.generatorBusy,
  METRIC.generatorLag,
];
/** As K6_PROMETHEUS_RW_TREND_STATS is told to be in docs/monitoring.md. */
const TREND_STATS = ['med', 'p95', 'p99', 'max'];

/** Of target and host. */
const BESIDE = Object.values(METRIC).filter((name) => /^(ws_target|host|k6)_/.test(name));

/** What k6 writes to Prometheus: its prefix, and a suffix by kind of metric. */
const SERIES = new Set([
  ...COUNTERS.map((name) => `k6_${name}_total`),
  ...TRENDS.flatMap((name) => TREND_STATS.map((stat) => `k6_${name}_${stat}`)),
  `k6_${METRIC.generatorMemory}`,
  ...BESIDE.filter((name) => name !== METRIC.hostSaturated).map((name) => `k6_${name}`),
  `k6_${METRIC.hostSaturated}_rate`,
  'k6_vus',
  'k6_ws_msgs_received_total',
]);

describe.each(allExpressions())('$title', ({ expr }) => {
  it('reads series that k6 writes', () => {
    const unknown = [...expr.matchAll(/\bk6_[a-z0-9_]+/g)]
      .map(([name]) => name)
      .filter((name) => !SERIES.has(name) && name !== 'k6_ws_' && !expr.includes(`testid:${name}:`));
    expect(unknown).toEqual([]);
  });

  it('never takes the rate of what goes up and down', () => {
    for (const name of UP_AND_DOWN) expect(expr).not.toMatch(new RegExp(`(rate|increase|delta)\\(k6_${name}`));
  });

  it('adds up processes and keeps runs apart', () => {
    expect(expr).not.toMatch(/\bavg\b|_success_rate/);
    for (const [, by] of expr.matchAll(/\b(?:sum|max|count|group) by \(([^)]*)\)/g)) {
      expect(by?.split(', ')).toContain('testid');
    }
    expect(expr).not.toMatch(/\b(sum|max|count) ?\(/);
  });
});

describe('shares of messages', () => {
  it('count no request that wants no reply among those that should have one', () => {
    const shares = allExpressions().filter(({ expr }) => /messages_sent_total.*messages_pending_total/s.test(expr));
    expect(shares.map(({ title }) => title)).toEqual(['Message success: {{testid}}', 'testid:ws_messages_decided:sum']);
    for (const { expr } of shares) expect(expr).not.toMatch(/messages_sent_total(?!\{[^}]*awaits!="false")/);
  });
});

describe('times to establish all', () => {
  it('are not those of a capacity test, whose steps begin one after the other', () => {
    const times = allExpressions().filter(({ expr }) => expr.includes('establish_time_max'));
    expect(times.map(({ title }) => title)).toEqual(['Established by: {{testid}}', 'WebSocketEstablishTimeHigh']);
    for (const { expr } of times) expect(expr).toMatch(/establish_time_max\{[^}]*step=""/);
  });
});

describe('the Grafana dashboard', () => {
  const { panels, templating } = dashboard();

  it('has panels for all that the guide watches', () => {
    const expressions = panelExpressions()
      .map(({ expr }) => expr)
      .join('\n');
    // Each share is drawn from the counters: k6 sends a rate of each process, which do not add up.
    for (const name of Object.values(METRIC).filter((n) => !/_(success|held|clients_connected|clients_up)$/.test(n))) {
      if (name === METRIC.connectionsClosed || name === METRIC.messageUnexpected) continue;
      // Gauges for k6's own dashboard, which cannot draw the level of a counter; Prometheus can.
      if (name === METRIC.connectionsNow || name === METRIC.connectionsDue) continue;
      // What each step ended with is in the report of a capacity test.
      if (name === METRIC.stepPlanned) continue;
      expect(expressions, name).toContain(`k6_${name}`);
    }
  });

  it('says what each reason of a failed message means, and of no other', () => {
    const description = panels.find(({ title }) => title === 'Message failures by reason')?.description ?? '';
    expect([...description.matchAll(/(\w+):/g)].map(([, reason]) => reason)).toEqual([...MESSAGE_FAILURES]);
  });

  it('explains each panel and asks the data source that is chosen', () => {
    for (const panel of panels.filter(({ type }) => type !== 'row')) {
      expect(panel.description, panel.title).toMatch(/\.$/);
      for (const target of panel.targets ?? []) expect(target.datasource.uid).toBe(`\${datasource}`);
    }
  });

  it('uses only variables that it declares', () => {
    const declared = [...templating.list.map(({ name }) => name), '__rate_interval'];
    const used = [...JSON.stringify(panels).matchAll(/\$\{?(\w+)/g)].map(([, name]) => name);
    expect(declared).toEqual(expect.arrayContaining([...new Set(used)]));
  });

  it('lays panels side by side, none over another', () => {
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x},${y}`), `${title} at ${x},${y}`).toBeUndefined();
          taken.set(`${x},${y}`, title);
        }
      }
    }
  });
});
