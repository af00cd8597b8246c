import type { ConnectFailure } from '../connection/outcome.ts';
import { groupDigits } from '../plan/format.ts';
import { formatDuration } from '../settings/parsers.ts';
import type { Settings } from '../settings/settings.ts';
import type { Summary } from './summary.ts';

/** What opening all connections in one moment does by itself; other reasons have other causes. */
const CAUSES: Partial<Record<ConnectFailure, string>> = {
  refused: "they overflowed the server's listen queue",
  reset: "they overflowed the server's listen queue, or a limit before it",
  connect_timeout: "they overflowed the server's queue of half-open connections",
  handshake_timeout:
    "they overflowed the server's listen queue, or were more handshakes than it or this host could work through in time",
  ports_exhausted: 'they took the local ports or socket buffers of this host all at once',
};

/**
 * A sentence that names the batches as the cure, with a space at its end; empty for a reason that they do not cure, and
 * where a target took no connection at all, as a port on which nothing listens.
 *
 * @param settings - of the batched run that this would be.
 */
export function stormAdvice(
  reason: string,
  settings: Pick<Settings, 'batchSize' | 'batchDelayMs'>,
  summary: Pick<Summary, 'connections' | 'plan' | 'byTarget'>,
): string {
  const cause = CAUSES[reason as ConnectFailure];
  // Ports are this host's, whatever the target took.
  if (!cause || (reason !== 'ports_exhausted' && !isOverflowPossible(summary))) return '';
  const batches = `${groupDigits(settings.batchSize)} at a time, ${formatDuration(settings.batchDelayMs)} apart`;
  return `All connections came at once, so most likely ${cause}; the scenario concurrent opens ${batches}. Otherwise: `;
}

/** Whether one of the targets that failed connections took others. */
function isOverflowPossible({
  connections: { attempted, established },
  plan: { urls },
  byTarget = {},
}: Pick<Summary, 'connections' | 'plan' | 'byTarget'>): boolean {
  if (established === 0) return false;
  const failed = Object.entries(byTarget).filter(([target]) => target.endsWith(': not established'));
  // They have their turns one after the other, so each has as many connections, or one more.
  return failed.length === 0 || failed.some(([, count]) => count < Math.floor(attempted / urls.length));
}
