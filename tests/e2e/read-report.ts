import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { reportOnPage } from './in-page.mjs';

/** What a reader sees of a report.html. */
export interface ReadReport {
  /** The first heading. */
  verdict: string;
  /** The flows in words. */
  flows: string[];
  text: string;
  charts: { title: string; lines: string[]; points: number; colouredPixels: number }[];
  /** Pixels that the page is wider than the screen. */
  overflow: number;
  /** Words that begin in one line and end in another. */
  brokenWords: string[];
  /** Texts of the flows that go over their edge. */
  cutTexts: string[];
  /** Of files and addresses, that of the page itself included. */
  requests: number;
  /** Of its script, and what its policy forbade. */
  errors: string[];
}

/** Opens `report.html` of a folder. */
export async function readReport(
  browser: Browser,
  folder: string,
  options: { width?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<ReadReport> {
  const { width = 1400, colorScheme = 'light' } = options;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    const requests: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(path.join(folder, 'report.html')).href);
    return { ...(await page.evaluate(reportOnPage)), requests: requests.length, errors };
  } finally {
    await context.close();
  }
}
