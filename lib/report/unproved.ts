import { groupDigits } from '../plan/format.ts';
import { sum } from './account.ts';
import type { Books } from './summary.ts';

/** Of the turns to send, from this share on it is told how many sent nothing. */
const MANY_TURNS = 0.1;

/**
 * What no target sees of the requests, a sentence each: turns in which a conversation sent nothing, as one does that waits for a
 * reply or a credit of a server that stands still; connections that made no request; and refusals of what wants no reply.
 *
 * @param unused - such turns, by the kind of request.
 */
export function unproved(
  { messages, connections }: Pick<Books, 'messages' | 'connections'>,
  unused: Record<string, number>,
): string[] {
  const { sent, failed, refused } = messages;
  const n = groupDigits;
  const turns = sum(unused);
  const hints: string[] = [];
  if (turns > 0 && turns >= (sent + turns) * MANY_TURNS) {
    hints.push(
      `${n(turns)} of ${n(sent + turns)} turns to send were left unused, since frames() gave null: what was not sent is in no target, and a server that stands still can be the reason.`,
    );
  }
  // Each that made one made at least one; without any, a target is missed.
  const mute = connections.closed - sent;
  if (turns === 0 && sent > 0 && mute > 0) {
    hints.push(
      `At least ${n(mute)} of the ${n(connections.closed)} connections held made no request: make the hold longer, or WS_MESSAGE_INTERVAL shorter.`,
    );
  }
  const beyond = sum(refused) - (failed.refused ?? 0);
  if (beyond > 0) {
    hints.push(`${n(beyond)} refusals were of requests that want no reply, which are in no target.`);
  }
  return hints;
}
