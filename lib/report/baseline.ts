import { SettingsError } from '../settings/settings-error.ts';
import { olderRelease, SCHEMA_VERSION, type Summary } from './summary.ts';

/** A run to compare with. */
export interface Baseline {
  /** As WS_COMPARE_WITH names it. */
  file: string;
  summary: Summary;
}

/** Files of the user's, as lib/scenario/init.ts finds them. */
export interface UsersFiles {
  candidates(path: string): string[];
  open(path: string): string;
}

/** Scenarios whose run is one ramp. */
const COMPARABLE = ['concurrent', 'multiplexed', 'storm'];

/**
 * Reads the summary.json of a batched run.
 *
 * @param file - as WS_COMPARE_WITH has it; null: nothing to compare with.
 * @param files - `candidates`: where a path of the user's is looked for (settings/paths.ts); `open`: k6's, throws where none is.
 * @throws SettingsError when there is no such file or it is no such summary.
 */
export function readBaseline(file: string | null, { candidates, open }: UsersFiles): Baseline | null {
  if (file === null) return null;
  const places = candidates(file);
  const text = firstOf(places, open);
  if (text === null) {
    throw problem(
      file,
      `there is no such file, or it cannot be read; looked for ${places.join(', ')}; for example WS_COMPARE_WITH=results/summary.json`,
    );
  }
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
