import type { Options } from 'k6/options';
import type { Settings } from '../settings/settings.ts';
import { TREND_STATS } from './options.ts';

/** What is used of k6's `exec.test`. */
interface Test {
  options: Options;
  abort(message: string): void;
}

/** setup() of all scenarios, before the first connection: says which settings mean nothing, refuses lost figures. */
export function beginTest(test: Test, { unused }: Settings): void {
  refuseOtherStats(test);
  if (unused.length > 0) console.warn(`Set, but not used in this run: ${unused.join(', ')}`);
}

/**
 * Aborts a test whose report could not be right: without some of its figures k6 still judges the thresholds, but does
 * not hand over the slowest handshake, say, or the count of samples.
 */
function refuseOtherStats(test: Test): void {
  const given: readonly string[] = test.options.summaryTrendStats ?? TREND_STATS;
  const missing = TREND_STATS.filter((stat) => !given.includes(stat));
  if (missing.length === 0) return;
  test.abort(
    `--summary-trend-stats=${given.join()} leaves out ${missing.join(', ')}, which the report needs: leave it away, or add your own to --summary-trend-stats="${TREND_STATS.join()}"`,
  );
}
