import { describeReconnect } from '../plan/reconnect.ts';
import type { ProcessShare } from '../plan/segment.ts';
import type { Facts } from './facts.ts';
import { filesOf } from './files.ts';
import type { K6Data } from './k6-data.ts';
import { reconnectSummary } from './reconnect.ts';
import { reconnectSections } from './reconnect-text.ts';
import type { Target } from './target.ts';

/** What k6 writes at the end of a run whose clients come back: as for every scenario, and how they did. */
export function endOfReconnect(
  facts: Facts,
  share: ProcessShare,
  targets: readonly Target[],
  data: K6Data,
): Record<string, string> {
  const { settings } = facts;
  const summary = reconnectSummary(facts, share, targets, data);
  return filesOf(summary, describeReconnect(settings), settings.resultsDir, data, (color) => ({
    sections: reconnectSections(summary, summary.reconnect, color),
  }));
}
