import { groupDigits } from '../plan/format.ts';
import { sum } from './account.ts';
import type { Books } from './summary.ts';

/**
 * The equations of the books that do not hold, as `attempted 2,000 is not established 1,990 + failed 0`; empty when they
 * balance.
 *
 * @param droppedByK6 - planned connections of a `churn` for which k6 had no VU.
 */
export function unequalBooks(
  { connections, messages }: Pick<Books, 'connections' | 'messages'>,
  droppedByK6 = 0,
): string[] {
  const { planned, attempted, unattempted, established, ready, closed } = connections;
  const { sent, sentOnly, answered } = messages;
  const equations: [what: string, whole: number, parts: Record<string, number>][] = [
    [
      'planned',
      planned,
      { attempted, 'never attempted': unattempted, ...(droppedByK6 > 0 && { 'dropped by k6': droppedByK6 }) },
    ],
    ['attempted', attempted, { established, failed: sum(connections.failed) }],
    ['established', established, { ready, 'not ready': sum(connections.notReady) }],
    ['ready', ready, { closed, dropped: sum(connections.dropped) }],
    ['sent', sent, { 'sent only': sentOnly, answered, failed: sum(messages.failed) }],
  ];
  return equations
    .filter(([, whole, parts]) => sum(parts) !== whole)
    .map(([what, whole, parts]) => {
      const added = Object.entries(parts).map(([part, count]) => `${part} ${groupDigits(count)}`);
      return `${what} ${groupDigits(whole)} is not ${added.join(' + ')}`;
    });
}
