import { describePlan } from '../plan/plan.ts';
import type { ProcessShare } from '../plan/segment.ts';
import type { Settings } from '../settings/settings.ts';
import { junit } from './junit.ts';
import type { K6Data } from './k6-data.ts';
import { k6MetricsText } from './k6-text.ts';
import { summarize } from './summarize.ts';
import type { Target } from './target.ts';
import { reportText } from './text.ts';

/** What k6 writes at the end of the test, by destination: the report to stdout, files into WS_RESULTS_DIR. */
export function endOfTest(
  scenario: string,
  settings: Settings,
  share: ProcessShare,
  targets: readonly Target[],
  data: K6Data,
): Record<string, string> {
  const summary = summarize(scenario, settings, share, targets, data);
  const color = data.options?.noColor !== true && data.state?.isStdOutTTY === true;
  const files: Record<string, string> = {
    stdout: `\n${reportText(summary, targets, describePlan(settings), color)}${k6MetricsText(data)}\n`,
  };
  if (settings.resultsDir !== null) {
    files[`${settings.resultsDir}/summary.json`] = `${JSON.stringify(summary, null, 2)}\n`;
    files[`${settings.resultsDir}/junit.xml`] = junit(summary);
  }
  return files;
}
