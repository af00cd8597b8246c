import { formatDuration } from '../settings/parsers.ts';
import type { Account } from './account.ts';
import type { Latency, TargetResult } from './summary.ts';

/** Past this the generator acts too late for its times to be the server's alone. */
export const LAG_LIMIT_MS = 100;
/** One stall this long is named, however rare. */
export const STALL_LIMIT_MS = 1_000;

/** Above this share of its time in frames, a VU cannot keep up with what is pushed. */
export const BUSY_LIMIT = 0.8;

/** k6 gives what is unfinished this much more than the longest wait for a reply, before it cuts it off. */
const CUT_OFF_MS = 5_000;

/**
 * Sentences that name the generator, not the server, as the limit; empty when it was not.
 *
 * @param lateMs - how long after its planned end, and the longest wait for a reply, the run ended.
 */
export function generatorLimits(
  account: { connections: Pick<Account['connections'], 'failed' | 'dropped'> },
  lag: Latency | null,
  busy: Latency | null,
  targets: readonly TargetResult[],
  lateMs = 0,
): string[] {
  const limits: string[] = [];
  const ports = account.connections.failed['ports_exhausted'] ?? 0;
  const files = account.connections.failed['files_exhausted'] ?? 0;
  if (ports > 0) limits.push(`It ran out of local ports: ${ports} connections never left this host.`);
  if (files > 0) limits.push(`It ran out of open files: ${files} connections never left this host.`);
  if (lag && lag.p95 > LAG_LIMIT_MS) {
    limits.push(
      `It acted ${formatDuration(Math.round(lag.p95))} late (95th percentile; limit ${LAG_LIMIT_MS}ms): times and timeouts are partly its own.`,
    );
  } else if (lag && lag.max >= STALL_LIMIT_MS) {
    limits.push(`It stalled for ${formatDuration(Math.round(lag.max))}: times and timeouts around then are its own.`);
  }
  if (busy && busy.p95 > BUSY_LIMIT) {
    limits.push(
      `Its VUs spent ${Math.round(busy.p95 * 100)} % of their time in frames (95th percentile; limit ${BUSY_LIMIT * 100} %): frames waited for them, unread.`,
    );
  }
  const { interrupted = 0, handshake_timeout = 0, connect_timeout = 0 } = account.connections.failed;
  const cutOff = account.connections.dropped['interrupted'] ?? 0;
  // Their VUs said no more, so no lag tells it.
  if (cutOff > 0 && lateMs >= CUT_OFF_MS) {
    const handshakes =
      interrupted + handshake_timeout + connect_timeout > 0
        ? 'k6 waited for handshakes that the server did not answer (it gives up each after a minute), or '
        : '';
    limits.push(
      `It was cut off ${formatDuration(Math.round(lateMs / 1000) * 1000)} after its time, with ${cutOff} connections open: ${handshakes}it stood still around the end (stopped, suspended, without CPU), or k6 waited for close frames that the server did not send, or had more frames than it could take.`,
    );
  }
  if (targets.some((target) => target.metric.startsWith('generator_memory') && target.pass === false)) {
    limits.push('It needed more memory than the target allows: fewer connections, or the multiplexed scenario.');
  }
  return limits;
}
