import { describePlan } from '../plan/plan.ts';
import type { ProcessShare } from '../plan/segment.ts';
import type { Facts } from './facts.ts';
import { filesOf } from './files.ts';
import type { K6Data } from './k6-data.ts';
import { summarize } from './summarize.ts';
import type { Target } from './target.ts';

/** What k6 writes at the end of the test, by destination: the report to stdout, files into WS_RESULTS_DIR. */
export function endOfTest(
  scenario: string,
  facts: Facts,
  share: ProcessShare,
  targets: readonly Target[],
  data: K6Data,
): Record<string, string> {
  return filesOf(
    summarize(scenario, facts, share, targets, data),
    describePlan(facts.settings),
    facts.settings.resultsDir,
    data,
  );
}
