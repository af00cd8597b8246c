/** Settings that are no more, and what to write in their place. */
const RENAMED: Record<string, (text: string) => string> = {
  WS_PROTOCOL: (text) =>
    text === 'any-reply'
      ? 'WS_PROTOCOL is now WS_CONVERSATION, and any-reply is gone: pushes, pings and errors were its replies; examples/next-frame.ts takes the next frame as the reply, for a server where that is right: WS_CONVERSATION=examples/next-frame.ts'
      : `WS_PROTOCOL is now WS_CONVERSATION: write WS_CONVERSATION=${['send-only', 'listen'].includes(text) ? text : 'echo'}`,
};

/**
 * Sorts the names of the environment that are no settings. Other programs have variables that begin with `WS_`, too
 * (the ws package, Kubernetes for a service called ws), and k6 does not tell what came by `-e`: so only what resembles
 * a setting is a problem.
 *
 * @param env - names and texts, as k6's `__ENV`.
 * @param known - names of all settings.
 * @returns problems: a sentence for each name that resembles a setting, without the value; ignored: the other names
 *   that begin with `WS_`.
 */
export function unknownNames(
  env: Record<string, string | undefined>,
  known: readonly string[],
): { problems: string[]; ignored: string[] } {
  const problems: string[] = [];
  const ignored: string[] = [];
  for (const name of Object.keys(env)) {
    if (known.includes(name)) continue;
    const renamed = Object.hasOwn(RENAMED, name) ? RENAMED[name] : undefined;
    const meant = resembled(name, known);
    if (renamed) problems.push(renamed(env[name]?.trim() ?? ''));
    else if (meant) problems.push(`${name} is not a setting: did you mean ${meant}?`);
    else if (name.startsWith('WS_')) ignored.push(name);
  }
  return { problems, ignored };
}

/** The setting that was most likely meant, or null: the same in other letters, or one typing error in four letters. */
function resembled(name: string, known: readonly string[]): string | null {
  if (known.includes(name.toUpperCase())) return name.toUpperCase();
  if (!name.startsWith('WS_')) return null;
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const [given, wanted] = [name.slice(3), candidate.slice(3)];
    const distance = typingErrors(given, wanted);
    const shorter = Math.min(given.length, wanted.length);
    // In two letters one error leaves no resemblance: WS_ID is not WS_IP.
    const limit = shorter < 3 ? 0 : Math.max(1, Math.floor(shorter / 4));
    if (distance <= limit && distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other. */
function typingErrors(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (beforeLast[j - 2] as number) + 1 : substituted;
      current[j] = Math.min(substituted, swapped, (last[j] as number) + 1, (current[j - 1] as number) + 1);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length] as number;
}
