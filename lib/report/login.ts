import { sum } from './account.ts';
import type { Books, TargetResult } from './summary.ts';

/** Books with what they were judged by. */
export type JudgedBooks = Books & { targets: TargetResult[] };

/**
 * Whether connections log in before they are ready. The targets say it, of which only a conversation with a login has some:
 * where all logged in, the counts do not.
 */
export function hasLogin({ connections, targets }: Pick<JudgedBooks, 'connections' | 'targets'>): boolean {
  const { established, ready, notReady } = connections;
  return targets.some(({ metric }) => metric.startsWith('ws_ready_')) || ready !== established || sum(notReady) > 0;
}
