import { SettingsError } from '../settings/settings-error.ts';
import { olderRelease, SCHEMA_VERSION, type Summary } from './summary.ts';

/** A run to compare with. */
export interface Baseline {
  /** As WS_COMPARE_WITH names it. */
  file: string;
  summary: Summary;
}

/** Scenarios whose run is one ramp. */
const COMPARABLE = ['concurrent', 'multiplexed', 'storm'];

/**
 * Reads the summary.json of a batched run.
 *
 * @param file - as WS_COMPARE_WITH has it; null: nothing to compare with.
 * @param open - k6's: a relative path starts at the script's folder, so the one above is tried as well, where the
 *   package is and k6 is most often started.
 * @throws SettingsError when there is no such file or it is no such summary.
 */
export function readBaseline(file: string | null, open: (path: string) => string): Baseline | null {
  if (file === null) return null;
  const isAbsolute = /^([/\\]|[A-Za-z]:)/.test(file);
  const text = firstOf(isAbsolute ? [file] : [file, `../${file}`], open);
  if (text === null) throw problem(file, 'there is no such file; a relative path starts at the folder of the script');
  const summary = parsed(text);
  const version = (summary as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version === 1) throw problem(file, olderRelease(version));
  if (!isWhole(summary)) throw problem(file, 'expected the summary.json of a run of this package');
  if (!COMPARABLE.includes(summary.scenario)) {
    throw problem(file, `expected a run of ${COMPARABLE.join(' or ')}, this one is of ${summary.scenario}`);
  }
  if (summary.plan.batchSize >= summary.plan.connections) {
    throw problem(file, 'expected the summary.json of a batched run, this one opened all at once');
  }
  return { file, summary };
}

/** Whether it has what is compared. */
function isWhole(summary: Summary | null): summary is Summary {
  if (summary?.schemaVersion !== SCHEMA_VERSION || !summary.latencyMs || !summary.connections?.failed) return false;
  const { plan, connections } = summary;
  const figures = [plan?.connections, plan?.batchSize, connections.attempted, connections.established];
  return figures.every((figure) => typeof figure === 'number');
}

function firstOf(paths: readonly string[], open: (path: string) => string): string | null {
  for (const path of paths) {
    try {
      return open(path);
    } catch {
      // The next one, if any.
    }
  }
  return null;
}

function parsed(text: string): Summary | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function problem(file: string, what: string): SettingsError {
  return new SettingsError([`WS_COMPARE_WITH=${JSON.stringify(file)}: ${what}`]);
}
