import { adviceFor, type FailureKind } from './advice.ts';
import { STALL_LIMIT_MS } from './generator.ts';
import { slowAdvice } from './slow-advice.ts';
import type { Books, CapacityStep, TargetResult } from './summary.ts';

/** Of each reason for the commonest failures so many. */
const MAX_REASONS = 2;

/** Failures that a late or exhausted generator can bring about. */
const OF_GENERATOR = [
  'handshake_timeout',
  'connect_timeout',
  'ports_exhausted',
  'files_exhausted',
  'forbidden',
  'timeout',
];

/**
 * Whether what a step missed can be the generator's doing, so that the server may hold more: it was at its limit, and
 * nothing was missed that lateness does not explain. A server that closes or refuses in so many words is at its own limit,
 * unless the generator stood still for so long that a heartbeat of its own can have failed.
 *
 * @param books - of the whole run.
 */
export function isOfGenerator(
  { limits, lagMs }: CapacityStep,
  missed: readonly TargetResult[],
  { connections: { failed, notReady } }: Books,
): boolean {
  if (limits.length === 0) return false;
  if (lagMs !== null && lagMs.max >= STALL_LIMIT_MS) return true;
  // Without a reason they were still under way.
  const isLate = (counts: Record<string, number>) => {
    const [commonest] = byCount(counts);
    return commonest === undefined || OF_GENERATOR.includes(commonest);
  };
  return missed.every(({ metric }) => {
    if (metric.startsWith('ws_step_connect_success')) return isLate(failed);
    if (metric.startsWith('ws_step_ready_success')) return isLate(notReady);
    return !metric.startsWith('ws_step_held');
  });
}

/** Reasons, the commonest first; what the end of the run cut off is none. */
function byCount(counts: Record<string, number>): string[] {
  return Object.entries(counts)
    .filter(([reason]) => reason !== 'interrupted')
    .sort((a, b) => b[1] - a[1])
    .map(([reason]) => reason);
}

/**
 * Whose limit the first step that missed a target most likely ran into, a sentence each: the generator's, where it was at
 * its own limit in that step, else what the reasons behind the missed targets say.
 *
 * @param limits - of the generator, where they can be the cause.
 * @param books - of the whole run: it ends with that step.
 */
export function capacityCauses(limits: readonly string[], missed: readonly TargetResult[], books: Books): string[] {
  const { failed, notReady, dropped } = books.connections;
  const causes = missed.flatMap(({ metric }) => {
    const [name = ''] = metric.split('{');
    switch (name) {
      case 'ws_step_connect_success':
        return advised(
          'connect',
          failed,
          'Server, network or this host: handshakes were not complete by the end of the step.',
        );
      case 'ws_step_ready_success':
        return advised('ready', notReady, 'Server: logins were not complete by the end of the step.');
      case 'ws_step_held':
        return advised('drop', dropped, 'Server or network: connections went; see the reasons below.');
      case 'ws_message_success':
        return advised('message', books.messages.failed, 'Server: replies were missing.');
      case 'ws_messages_sent':
        return ['The conversation or this host: nothing was sent in this step.'];
      case 'ws_delivery_success':
        return [MISSING_DELIVERIES];
      default:
        return slowAdvice(metric) ?? [];
    }
  });
  const own = limits.map((limit) => `Generator, not the server: ${limit[0]?.toLowerCase()}${limit.slice(1)}`);
  return [...new Set([...own, ...causes])];
}

const MISSING_DELIVERIES =
  'Server, or the network on the way: messages to others came late or not at all with more connections open. Look at how it fans out, and at the bandwidth.';

/** Advice on the commonest reasons. */
function advised(kind: FailureKind, counts: Record<string, number>, otherwise: string): string[] {
  const reasons = byCount(counts).slice(0, MAX_REASONS);
  return reasons.length === 0 ? [otherwise] : reasons.map((reason) => adviceFor(kind, reason));
}
