import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Summary } from '../../lib/report/summary.ts';
import { makeHtmlReport, RECORDING } from '../../scripts/lib/html-report.mjs';
import { aSummary } from '../lib/report/a-summary.ts';
import { ENDED_AT_3000, summaryOfFour } from '../lib/report/capacity-data.ts';
import { aFailedSummary, REASONS } from '../lib/report/html/a-failed-summary.ts';
import { aRecording, aTrend } from '../lib/report/html/a-recording.ts';
import { anHour } from '../lib/report/html/an-hour.ts';
import { startChromium } from './page.ts';
import { readReport } from './read-report.ts';
import { systemTool } from './system-tools.ts';

const command = systemTool('chromium');

const LOOKS = [1400, 400].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

/** That of a real run is looked at in live.test.ts. */
describe.skipIf(command === undefined)('report.html in Chromium', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await startChromium(command as string);
  });
  afterAll(() => browser?.close());
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'report-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function make(summary: Summary, recording?: string): Promise<void> {
    writeFileSync(path.join(folder, 'summary.json'), JSON.stringify(summary));
    if (recording !== undefined) writeFileSync(path.join(folder, RECORDING), gzipSync(recording));
    await makeHtmlReport(folder);
  }

  const during = (durationMs: number) => ({
    endedAt: new Date(Date.parse('2026-11-26T11:00:00Z') + durationMs).toISOString(),
    durationMs,
  });

  it.each(LOOKS)(
    'of a run with 12 reasons fits into $width px, $colorScheme, and runs nothing of theirs',
    async (look) => {
      await make(aFailedSummary());
      const page = await readReport(browser, folder, look);
      expect(page).toMatchObject({ overflow: 0, brokenWords: [], cutTexts: [], requests: 1, errors: [], charts: [] });
      expect(page.verdict).toMatch(/FAIL Missed connect success, logins/);
      expect(page.flows).toHaveLength(3);
      for (const reason of REASONS) expect(page.text).toContain(reason);
      expect(page.text).toContain('<script>alert(1)</script>');
    },
  );

  it.each(LOOKS)('of a capacity test with tables of words breaks no word in $width px, $colorScheme', async (look) => {
    const capacity = summaryOfFour([{ planned: 1_000 }, { planned: 2_000, rttMs: 900 }], ENDED_AT_3000);
    const server = {
      endpoint: '127.0.0.1:24081',
      memoryBytes: { before: 58e6, peak: 85e6, after: 70e6 },
      connections: 1_000,
      bytesPerConnection: 27_000,
      cpuCores: { hold: 0.05, peak: 0.39 },
      openFiles: { before: 22, peak: 1_023, after: 23 },
      goroutines: { before: 22, peak: 1_023, after: 23 },
      eventLoopLagMs: { hold: 2.6, peak: 13.7 },
      problems: [],
    };
    await make({
      ...capacity,
      target: [server, { ...server, endpoint: '127.0.0.1:24082' }],
      generator: { ...capacity.generator, memoryBytes: null },
    });
    const page = await readReport(browser, folder, look);
    expect(page).toMatchObject({ overflow: 0, brokenWords: [], cutTexts: [], requests: 1, errors: [] });
    expect(page.text).toContain('127.0.0.1:24082');
    expect(page.text).toContain('med 12.0, p95 12.0, max 12.0 ms');
  });

  it.each(LOOKS)(
    'of an hour without a failure fits into $width px, $colorScheme, with all its charts drawn',
    async (look) => {
      await make(aSummary(during(3_600_000)), anHour());
      expect(statSync(path.join(folder, 'report.html')).size).toBeLessThan(2_000_000);
      const page = await readReport(browser, folder, look);
      expect(page).toMatchObject({ overflow: 0, requests: 1, errors: [] });
      expect(page.verdict).toMatch(/PASS All targets met/);
      expect(page.charts.length).toBeGreaterThan(12);
      expect(page.charts.filter(({ colouredPixels }) => colouredPixels < 100)).toEqual([]);
      expect(page.text).not.toContain('Failures');
    },
  );

  it('draws a run of one second, which has one point, and no empty chart', async () => {
    const one = aRecording(
      {
        ws_connect_attempts: { type: 'counter', at: () => [100, 100] },
        ws_message_rtt: { type: 'trend', at: () => aTrend(3) },
        ws_delivery_time: { type: 'trend', at: () => null },
      },
      [1],
    );
    await make(aSummary(during(1_000)), one);
    const { charts, errors } = await readReport(browser, folder);
    expect(errors).toEqual([]);
    expect(charts.map(({ title }) => title)).toEqual(['Attempts and failures', 'Round trip']);
    for (const { colouredPixels } of charts) expect(colouredPixels).toBeGreaterThan(20);
  });
});
