import { describePlan } from '../plan/plan.ts';
import type { ProcessShare } from '../plan/segment.ts';
import { stormSettings } from '../plan/storm.ts';
import { adviceFor } from './advice.ts';
import type { Baseline } from './baseline.ts';
import { compare, comparisonSection } from './comparison.ts';
import type { Facts } from './facts.ts';
import { filesOf } from './files.ts';
import type { K6Data } from './k6-data.ts';
import { stormAdvice } from './storm-advice.ts';
import { summarize } from './summarize.ts';
import type { Target } from './target.ts';
import { balanceSection, targetsSection } from './text.ts';

/**
 * What k6 writes at the end of a storm: as for every scenario, beside a batched run if there is one, and with the
 * batches in the advice.
 *
 * @param facts - with the settings as the user gave them: their batches are what the storm does without.
 */
export function endOfStorm(
  facts: Facts,
  share: ProcessShare,
  targets: readonly Target[],
  baseline: Baseline | null,
  data: K6Data,
): Record<string, string> {
  const { settings } = facts;
  const own = stormSettings(settings);
  const measured = summarize('storm', { ...facts, settings: own }, share, targets, data);
  const insteadOf = { batchSize: settings.batchSize, batchDelayMs: settings.batchDelayMs };
  const plain = { ...measured, plan: { ...measured.plan, insteadOf } };
  const summary = baseline ? { ...plain, comparison: compare(plain, baseline) } : plain;
  return filesOf(summary, describePlan(own), settings.resultsDir, data, (color) => ({
    sections: [
      targetsSection(summary, color),
      ...(summary.comparison ? [comparisonSection(summary.comparison)] : []),
      balanceSection(summary, color),
    ],
    advise: (kind, reason, platform) =>
      `${kind === 'connect' ? stormAdvice(reason, settings, summary) : ''}${adviceFor(kind, reason, platform)}`,
  }));
}
