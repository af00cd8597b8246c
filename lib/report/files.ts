import { reportHtml } from './html/page.ts';
import { junit } from './junit.ts';
import type { K6Data } from './k6-data.ts';
import { k6MetricsText } from './k6-text.ts';
import type { Summary } from './summary.ts';
import { lastLine, type OwnParts, reportText } from './text.ts';

/**
 * What k6 writes at the end of the test, by destination.
 *
 * @param plan - the plan in one sentence.
 * @param resultsDir - where summary.json, junit.xml and report.html (without charts) go; null: nowhere.
 * @param ownParts - what the scenario's report has of its own, with or without ANSI colours.
 */
export function filesOf(
  summary: Summary,
  plan: string,
  resultsDir: string | null,
  data: K6Data,
  ownParts: (color: boolean) => OwnParts = () => ({}),
): Record<string, string> {
  const color = data.options?.noColor !== true && data.state?.isStdOutTTY === true;
  const files: Record<string, string> = {
    stdout: `\n${reportText(summary, plan, color, ownParts(color))}${k6MetricsText(data)}\n${lastLine(summary)}\n`,
  };
  if (resultsDir !== null) {
    const described = { ...summary, description: plan };
    files[`${resultsDir}/summary.json`] = `${JSON.stringify(described, null, 2)}\n`;
    files[`${resultsDir}/junit.xml`] = junit(summary);
    files[`${resultsDir}/report.html`] = reportHtml(described);
  }
  return files;
}
