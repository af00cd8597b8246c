import type { Options } from 'k6/options';
import type { Settings } from '../settings/settings.ts';
import { SYSTEM_TAGS, TREND_STATS } from './options.ts';

/** What is used of k6's `exec.test`. */
interface Test {
  options: Options;
  abort(message: string): void;
}

/**
 * setup() of all scenarios, before the first connection: says which settings mean nothing, refuses lost figures and what
 * would crash k6.
 *
 * @param lost - lostResults().
 * @param folder - what is wrong with the folder for the results.
 * @param secretTags - k6's system tags whose value may be secret in this run (secretTags()).
 */
export function beginTest(
  test: Test,
  unused: readonly string[],
  ignored: readonly string[],
  lost: string | null = null,
  folder: { text: string; isCertain: boolean } | null = null,
  secretTags: readonly string[] = [],
): void {
  refuseOtherStats(test);
  refuseSystemTags(test, secretTags);
  if (folder?.isCertain) test.abort(folder.text);
  else if (folder !== null) console.warn(folder.text);
  if (lost !== null) console.warn(lost);
  if (unused.length > 0) console.warn(`Set, but not used in this run: ${unused.join(', ')}`);
  // They may be of other programs, too; but a target that nobody judges must not pass unseen.
  const targets = ignored.filter((name) => /^WS_(MIN|MAX)_/.test(name));
  const others = ignored.filter((name) => !targets.includes(name));
  if (targets.length > 0) console.warn(`Not judged, since there is no such setting: ${targets.join(', ')}`);
  if (others.length > 0) console.info(`Ignored, as variables of other programs: ${others.join(', ')}`);
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

/** System tags that the report needs: without one of them k6 adds up no checks, and with them no word of the run. */
const NEEDED_TAGS = ['scenario', 'group', 'check'] as const;

/**
 * System tags whose value may be secret: the whole address, where it has a query or a column of users, and the sub-protocol.
 *
 * @param handshakes - the conversation says what is dialled: it may be anything.
 */
export function secretTags(settings: Pick<Settings, 'urls' | 'subprotocol'>, handshakes: boolean): string[] {
  const { urls, subprotocol } = settings;
  return [
    ...(handshakes || urls.some((url) => /[?{]/.test(url)) ? ['url', 'name'] : []),
    ...(handshakes || subprotocol !== null ? ['subproto'] : []),
  ];
}

/**
 * Aborts a test whose system tags crash k6 (with `ip` it asks for the address of a connection that a failed dial does not
 * have), leave the report without the words behind its counts, or write a token into every sample.
 *
 * @param secret - secretTags().
 */
function refuseSystemTags(test: Test, secret: readonly string[]): void {
  const given = test.options.systemTags?.map(String);
  if (given === undefined) return;
  const missing = NEEDED_TAGS.filter((tag) => !given.includes(tag));
  const told = given.filter((tag) => secret.includes(tag));
  const problems = [
    ...(given.includes('ip') ? ['has ip in it, with which k6 crashes as soon as a connection is refused'] : []),
    ...(told.length > 0
      ? [`has ${told.join(' and ')} in it, which would write what may be a token into every sample`]
      : []),
    ...(missing.length > 0 ? [`leaves out ${missing.join(', ')}, without which k6 counts no reasons`] : []),
  ];
  if (problems.length === 0) return;
  test.abort(
    `--system-tags (or K6_SYSTEM_TAGS) ${problems.join(', and ')}: leave it away, or write for example --system-tags=${SYSTEM_TAGS.join()}`,
  );
}

/**
 * What to warn of when k6 will write no results: it calls handleSummary not at all then. A script sees the variable, but
 * not `--summary-mode` on the command line.
 *
 * @param resultsDir - WS_RESULTS_DIR; null: none are wanted.
 * @returns null where nothing is known to be lost.
 */
export function lostResults(resultsDir: string | null, env: Record<string, string | undefined>): string | null {
  if (resultsDir === null || env['K6_SUMMARY_MODE']?.trim() !== 'disabled') return null;
  return `K6_SUMMARY_MODE=disabled: there will be no report, and no summary.json and junit.xml in WS_RESULTS_DIR=${JSON.stringify(resultsDir)}; for all of them set it to compact`;
}
