import { groupDigits } from '../plan/format.ts';
import { sum } from './account.ts';
import type { Books, Reconnect } from './summary.ts';

type Equation = [what: string, whole: number, parts: Record<string, number>];

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
  return unequal([
    [
      'planned',
      planned,
      { attempted, 'never attempted': unattempted, ...(droppedByK6 > 0 && { 'dropped by k6': droppedByK6 }) },
    ],
    ['attempted', attempted, { established, failed: sum(connections.failed) }],
    ['established', established, { ready, 'not ready': sum(connections.notReady) }],
    ['ready', ready, { closed, dropped: sum(connections.dropped) }],
    ['sent', sent, { 'sent only': sentOnly, answered, failed: sum(messages.failed) }],
  ]);
}

/** Those of the books of clients that come back, and of theirs with those of their connections. */
export function unequalClients(
  {
    clients,
    attemptsAgain,
    outages: { drops, recovered, open },
  }: Pick<Reconnect, 'clients' | 'attemptsAgain' | 'outages'>,
  { planned, closed }: Pick<Books['connections'], 'planned' | 'closed'>,
): string[] {
  const { unattempted, connected, up, down, givenUp } = clients;
  const begun = clients.planned - unattempted;
  return [
    ...unequal([
      [
        'clients',
        clients.planned,
        { 'up at the end': up, down: sum(down), 'given up': givenUp, 'never attempted': unattempted },
      ],
      ['planned', planned, { first: clients.planned, again: attemptsAgain }],
      ['clients up', up, { 'connections closed': closed }],
      ['dropped', drops, { recovered, 'still down': open }],
    ]),
    ...(connected > begun ? [`${groupDigits(connected)} clients connected, but ${groupDigits(begun)} began`] : []),
  ];
}

function unequal(equations: readonly Equation[]): string[] {
  return equations
    .filter(([, whole, parts]) => sum(parts) !== whole)
    .map(([what, whole, parts]) => {
      const added = Object.entries(parts).map(([part, count]) => `${part} ${groupDigits(count)}`);
      return `${what} ${groupDigits(whole)} is not ${added.join(' + ')}`;
    });
}
