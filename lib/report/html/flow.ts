import { groupDigits } from '../../plan/format.ts';
import { sum } from '../account.ts';
import { hasLogin } from '../login.ts';
import type { Summary } from '../summary.ts';
import type { Stage } from './flow-picture.ts';

/** A flow with its name. */
export interface Flow {
  title: string;
  stages: Stage[];
}

/** The books as flows: of connections, messages and deliveries, those that there were. */
export function flowsOf(
  books: Pick<Summary, 'connections' | 'targets' | 'messages' | 'deliveries' | 'arrivals'>,
): Flow[] {
  return [connectionsFlow(books), ...messagesFlow(books), ...deliveriesFlow(books)].filter(
    ({ stages }) => (stages[0]?.count ?? 0) > 0,
  );
}

function connectionsFlow(books: Pick<Summary, 'connections' | 'targets' | 'arrivals'>): Flow {
  const { connections, arrivals } = books;
  const { planned, attempted, unattempted, established, failed, ready, notReady, closed, dropped } = connections;
  return {
    title: 'Connections',
    stages: [
      { name: 'planned', count: planned, aside: [] },
      {
        name: 'attempted',
        count: attempted,
        aside: [lost('dropped by k6', arrivals?.dropped ?? 0), lost('never attempted', unattempted)],
      },
      { name: 'established', count: established, aside: [lost('failed', sum(failed))] },
      ...(hasLogin(books) ? [{ name: 'ready', count: ready, aside: [lost('not ready', sum(notReady))] }] : []),
      { name: 'closed as planned', count: closed, aside: [lost('dropped', sum(dropped))] },
    ],
  };
}

function messagesFlow({ messages }: Pick<Summary, 'messages'>): Flow[] {
  const { sent, answered, sentOnly, failed } = messages;
  const isAnswered = sent > sentOnly;
  return [
    {
      title: 'Messages',
      stages: [
        { name: 'sent', count: sent, aside: [] },
        {
          name: isAnswered ? 'answered' : 'sent only',
          count: isAnswered ? answered : sentOnly,
          aside: [
            lost('failed', sum(failed)),
            ...(isAnswered ? [{ name: 'sent only', count: sentOnly, isLoss: false }] : []),
          ],
        },
      ],
    },
  ];
}

function deliveriesFlow({ deliveries }: Pick<Summary, 'deliveries'>): Flow[] {
  if (!deliveries) return [];
  return [
    {
      title: 'Deliveries',
      stages: [
        { name: 'expected', count: deliveries.expected, aside: [] },
        { name: 'delivered', count: deliveries.delivered, aside: [lost('missing', deliveries.missing)] },
      ],
    },
  ];
}

function lost(name: string, count: number): Stage['aside'][number] {
  return { name, count, isLoss: true };
}

/** For those who do not see the picture. */
export function flowInWords({ title, stages }: Flow): string {
  const parts = stages.map(({ name, count, aside }) =>
    [
      ...aside.filter((branch) => branch.count > 0).map((branch) => `${branch.name} ${groupDigits(branch.count)}`),
      `${name} ${groupDigits(count)}`,
    ].join(', '),
  );
  return `${title}: ${parts.join('; ')}`;
}
