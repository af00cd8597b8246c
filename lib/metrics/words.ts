/**
 * What is only known in words at run time (a conversation's refusals, the text behind a reason) is counted as a k6 check
 * of that name: k6 adds up nothing else that was not named before the start.
 */
export const WORD_KINDS = [
  'detail',
  'not ready',
  'dropped',
  'refused',
  'push',
  'frame',
  'script error',
  // A turn in which frames() had nothing to send, by the kind of request.
  'turn',
  // Which of several targets a connection failed at, at which address of a name, and how old it was when the other side
  // ended it.
  'target',
  'address',
  'age',
  // What the target or the host that is read beside the run did not tell, and why.
  'beside',
  // Of clients that come back: why one is down at the end, its outage, and the second of an attempt (connection/client.ts).
  'down',
  'outage',
  'herd',
] as const;
export type WordKind = (typeof WORD_KINDS)[number];

/** Marks our checks among those of a user's module. */
const MARK = 'ws';

/** The name of the check that counts this word. */
export function checkName(kind: WordKind, word: string): string {
  // k6 throws at a check with `::` in its name.
  return `${MARK} ${kind}: ${wholeOf(word).replace(/:(?=:)/g, ': ')}`;
}

/** Half of a character of two units, which JSON can hold, as the sign of replacement: k6 panics at it in a check's name. */
function wholeOf(word: string): string {
  if (!/[\ud800-\udfff]/.test(word)) return word;
  return Array.from(word, (character) => (/^[\ud800-\udfff]$/.test(character) ? '\ufffd' : character)).join('');
}

/** What a check counts; null: it is not ours. */
export function readCheckName(name: string): { kind: WordKind; word: string } | null {
  const kind = WORD_KINDS.find((known) => name.startsWith(`${MARK} ${known}: `));
  if (kind === undefined) return null;
  const word = name.slice(MARK.length + kind.length + 3);
  return { kind, word: kind === 'target' || kind === 'address' ? word.replace(/: (?=:)/g, ':') : word };
}
