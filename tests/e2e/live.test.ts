import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { METRIC } from '../../lib/metrics/names.ts';
import { startHostSampler } from '../../scripts/lib/host-sampler.mjs';
import { makeHtmlReport, RECORDING } from '../../scripts/lib/html-report.mjs';
import { startTargetProcess } from '../../scripts/lib/target-process.mjs';
import { startFaultServer } from '../servers/fault-server.mjs';
import { ownPort } from '../servers/own-port.mjs';
import { type K6Result, startK6 } from './helpers.ts';
import { chartsOnPage, tableRowsOnPage } from './in-page.mjs';
import { openPage, startChromium } from './page.ts';
import { poll } from './poll.ts';
import { readReport } from './read-report.ts';
import { systemTool } from './system-tools.ts';

const command = systemTool('chromium');

/** Charts that every run fills. What this run adds: failures, drops, late replies. */
const CONNECTIONS = ['Attempts', 'Generator lag', 'Connect time', 'Established by', 'Connect success'];
const MESSAGES = ['Messages sent', 'Round trip', 'Response time from the intended send', 'Message success'];
const GENERATOR = ['Generator memory in bytes (m: millions)'];
/** What is read beside the run, of this host and of a server that tells of itself. */
const BESIDE = [
  ...['Target memory in bytes (m: millions)', 'Target open files', 'Target event loop lag'],
  ...[
    'Host CPU, 0 to 1',
    'Host memory in bytes (m: millions)',
    'Host network in, bytes a second',
    'TCP connections established',
  ],
];
/** The generator adds its figures to these two metrics together, or to none. */
const OPEN = 'connectionsNow' in METRIC ? ['Open connections against the plan'] : [];
/** Those of our own report. */
const REPORTED = [
  'Open connections against the plan',
  'Attempts and failures',
  'Connect time',
  'Round trip',
  'Messages',
  'Memory',
  'CPU',
  'CPU of the host of k6',
  'Memory of the host of k6',
  'Event loop lag of the target',
  'Lag of k6 behind its own schedule',
];
const FAILURES = {
  connections: ['Connect failures', 'Drops'],
  messages: ['Message failures', 'Frames that answer nothing'],
};

describe.skipIf(command === undefined)("k6's live dashboard in Chromium", () => {
  let folder: string;
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startFaultServer>>;
  let run: Awaited<ReturnType<typeof startK6>>;
  let dashboard: string;
  let host: Awaited<ReturnType<typeof startHostSampler>>;
  let told: Awaited<ReturnType<typeof startTargetProcess>>;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'live-'));
    browser = await startChromium(command as string);
    server = await startFaultServer({
      // Reasons that come one after the other: the page has to bear series that are new in mid-run.
      script: [
        { handshake: { kind: 'status', status: 503 } },
        { ending: { kind: 'reset', afterMs: 4_000 } },
        { ending: { kind: 'close', code: 1013, afterMs: 6_000 } },
        { talk: { kind: 'late', delayMs: 1_500 } },
        ...Array.from({ length: 16 }, () => ({})),
      ],
    });
    host = await startHostSampler();
    told = await startTargetProcess();
    const [api, port] = [`127.0.0.1:${await ownPort()}`, await ownPort()];
    dashboard = `http://127.0.0.1:${port}/`;
    run = await startK6({
      scenario: 'concurrent',
      env: {
        WS_URL: server.url,
        WS_PROFILE: 'smoke',
        WS_BATCH_SIZE: '5',
        WS_BATCH_DELAY: '200ms',
        WS_HOLD: '18s',
        WS_MESSAGE_INTERVAL: '500ms',
        WS_MESSAGE_TIMEOUT: '1s',
        WS_MIN_CONNECT_SUCCESS: '90%',
        WS_MIN_HELD: '50%',
        WS_GENERATOR_ADDRESS: api,
        WS_HOST_METRICS: host.url,
        WS_TARGET_METRICS: told.url.replace('ws', 'http'),
        WS_RESULTS_DIR: folder,
        XK6_DASHBOARD_CONFIG: path.resolve('.dashboard.json'),
      },
      args: [
        ...['--address', api, '--profiling-enabled'],
        ...[
          '--out',
          `web-dashboard=host=127.0.0.1&port=${port}&period=1s&tag=reason&record=${path.join(folder, RECORDING)}`,
        ],
      ],
    });
  });

  // k6 ends when the last page is closed, so that people can look at the end of the run.
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  afterAll(async () => {
    run?.child.kill();
    await browser?.close();
    await server?.close();
    await host?.stop();
    await told?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Waits until all charts of the list have something drawn in them. */
  function drawn(page: Page, titles: string[]): Promise<boolean> {
    return poll(`${titles.join(', ')} have data`, async () => {
      const charts = await page.evaluate(chartsOnPage);
      const missing = titles.filter((title) => !charts.some((c) => c.title === title && c.colouredPixels > 100));
      if (missing.length > 0) throw new Error(`empty: ${missing.join(', ')}`);
      return true;
    });
  }

  it('shows our charts with data while the run goes on, and bears what is new in mid-run', async () => {
    await poll('the dashboard answers', async () => ((await fetch(dashboard)).ok ? true : undefined));
    // From the first second on.
    const { page, errors } = await openPage(browser, dashboard);
    await drawn(page, [...CONNECTIONS, ...OPEN, ...FAILURES.connections]);
    await poll('drops by reason', async () => {
      const rows = (await page.evaluate(tableRowsOnPage)).join('\n');
      return /ws_connect_failures\{reason:http_5xx\} 5 /.test(rows) &&
        /ws_connections_dropped\{reason:reset\} 5 /.test(rows) &&
        /ws_connections_dropped\{reason:server_close\} 5 /.test(rows)
        ? true
        : undefined;
    });
    await page.getByText('Messages and generator', { exact: true }).click();
    await drawn(page, [...MESSAGES, ...GENERATOR, ...FAILURES.messages]);
    if (process.platform === 'linux') {
      await page.getByText('Target and host', { exact: true }).click();
      await drawn(page, BESIDE);
    }
    await page.getByText('Targets', { exact: true }).click();
    const rows = await poll('the targets', async () => {
      const found = await page.evaluate(tableRowsOnPage);
      return found.length > 0 ? found : undefined;
    });
    expect(rows.join('\n')).toContain('ws_connect_success 95.0%');
    expect(errors).toEqual([]);
    expect(run.child.exitCode).toBeNull();
  });

  it('shows a page that is opened later all that was', async () => {
    const { page, errors } = await openPage(browser, dashboard);
    await drawn(page, [...CONNECTIONS, ...OPEN, ...FAILURES.connections]);
    expect(errors).toEqual([]);
  });

  it('leaves a report of its own with verdict, books and the series, which asks nobody for anything', async () => {
    const result: K6Result = await run.result;
    expect(result.exitCode).toBe(0);
    const plain = await readReport(browser, folder);
    expect(plain).toMatchObject({ charts: [], requests: 1, errors: [] });
    await makeHtmlReport(folder);
    const report = await readReport(browser, folder);
    expect(report).toMatchObject({ requests: 1, errors: [] });
    expect(report.verdict).toMatch(/PASS All targets met/);
    for (const page of [plain, report]) {
      expect(page.flows).toContain(
        'Connections: planned 100; attempted 100; failed 5, established 95; dropped 10, closed as planned 85',
      );
      expect(page.text).toContain('attempted 100 = established 95 + failed 5');
      expect(page.text).toContain('Server or a proxy before it: it failed while it answered the handshake');
    }
    const drawn = Object.fromEntries(report.charts.map((chart) => [chart.title, chart]));
    expect(Object.keys(drawn)).toEqual(expect.arrayContaining(REPORTED));
    for (const title of REPORTED) {
      expect(drawn[title]?.colouredPixels, title).toBeGreaterThan(100);
      expect(drawn[title]?.points, title).toBeGreaterThan(1);
    }
    expect(drawn['Attempts and failures']?.lines).toEqual(
      expect.arrayContaining(['attempts', 'failed: http_5xx', 'dropped: reset', 'dropped: server_close']),
    );
    expect(drawn['Memory']?.lines).toEqual(expect.arrayContaining(['k6, peak so far', 'target']));
  });
});
