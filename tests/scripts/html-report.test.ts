import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeHtmlReport } from '../../scripts/lib/html-report.mjs';
import { aSummary } from '../lib/report/a-summary.ts';
import { aFailedSummary } from '../lib/report/html/a-failed-summary.ts';
import { aRecording, aTrend, secondsTo } from '../lib/report/html/a-recording.ts';
import { anHour } from '../lib/report/html/an-hour.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, content: string | Buffer) => writeFileSync(path.join(folder, name), content);
const page = () => readFileSync(path.join(folder, 'report.html'), 'utf8');
/** A run of 13 s at the time of the made recordings. */
const summary = () => aSummary({ endedAt: '2026-11-26T11:00:13.000Z', durationMs: 13_000 });
const rtt = { ws_message_rtt: { type: 'trend' as const, at: aTrend } };

describe('report.html', () => {
  test('has charts where the run was recorded, and may run the scripts in it and no others', async () => {
    put('summary.json', JSON.stringify(summary()));
    put('series.ndjson.gz', gzipSync(aRecording(rtt, secondsTo(13))));
    expect(await makeHtmlReport(folder)).toContain('with 1 charts');
    expect(page()).toContain('id="series"');
    expect(page()).toContain('uPlot');
    const allowed = /script-src ([^;]*);/.exec(page())?.[1]?.split(' ');
    const scripts = [...page().matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script);
    expect(scripts).toHaveLength(2);
    expect(allowed).toEqual(
      scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`),
    );
  });

  test('has none of a recording that broke off before its first figures, or is no recording', async () => {
    put('summary.json', JSON.stringify(summary()));
    put('series.ndjson.gz', 'nothing packed');
    expect(await makeHtmlReport(folder)).toContain('without charts');
    expect(page()).not.toContain('<script');
  });

  test('takes what there is of a recording that k6 could not close', async () => {
    put('summary.json', JSON.stringify(summary()));
    const packed = gzipSync(aRecording(rtt, secondsTo(13)));
    put('series.ndjson.gz', packed.subarray(0, packed.length - 20));
    expect(await makeHtmlReport(folder)).toContain('with 1 charts');
  });

  test("never shows another run's series", async () => {
    put('summary.json', JSON.stringify({ ...summary(), endedAt: '2026-11-26T12:30:00.000Z' }));
    put('series.ndjson.gz', gzipSync(aRecording(rtt, secondsTo(13))));
    expect(await makeHtmlReport(folder)).toContain('is of another run');
    expect(page()).not.toContain('id="series"');
  });

  test('of an hour with all there is stays under 2 MB', async () => {
    put('summary.json', JSON.stringify(aFailedSummary()));
    put('series.ndjson.gz', gzipSync(anHour()));
    expect(await makeHtmlReport(folder)).toMatch(/with 1[0-9] charts/);
    expect(Buffer.byteLength(page())).toBeLessThan(1_000_000);
  });

  test.each([
    [undefined, /cannot be read \(ENOENT\)/],
    ['no json', /is no JSON/],
    ['{"schemaVersion":1}', /schemaVersion 1 of an older release/],
    ['{"schemaVersion":7}', /expected 2/],
    ['{"schemaVersion":2}', /it has no plan, targets/],
    [JSON.stringify({ ...aSummary(), generator: {} }), /summary\.json: generator\.memoryBytes is missing, expected/],
  ])('of summary.json %j is refused', async (text, message) => {
    if (text !== undefined) put('summary.json', text);
    await expect(makeHtmlReport(folder)).rejects.toThrow(message);
  });
});

describe('node scripts/html-report.mjs', () => {
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['scripts/html-report.mjs', ...args]).then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      (error) => ({ code: error.code as number, text: error.stderr as string }),
    );

  test('makes the file', async () => {
    put('summary.json', JSON.stringify(summary()));
    expect(await run(folder)).toEqual({
      code: 0,
      text: `${path.join(folder, 'report.html')}: without charts over time, since the run was not recorded.\n`,
    });
  });

  test('refuses what it cannot use with exit code 2', async () => {
    expect(await run()).toMatchObject({ code: 2, text: expect.stringContaining('expected one folder') });
    expect(await run(folder, 'x')).toMatchObject({ code: 2 });
    expect(await run(folder)).toMatchObject({ code: 2, text: expect.stringContaining('Example: npm start') });
  });
});
