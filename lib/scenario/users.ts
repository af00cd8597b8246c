import type { WithRequire } from '../k6.ts';
import { SettingsError } from '../settings/settings-error.ts';

interface Data {
  SharedArray: new (name: string, read: () => unknown[]) => ArrayLike<Record<string, string>>;
}

/**
 * The rows of WS_USERS, one copy for all VUs; null without it. In k6's init stage only.
 *
 * @param parse - reads the text of the file of this name. k6 calls it once, in the first of all VUs.
 * @throws SettingsError when there is no such file or it is no such list.
 */
export function usersOf(
  path: string | undefined,
  { open, candidates }: { open(path: string): string; candidates(path: string): string[] },
  parse: (text: string, name: string) => unknown[],
): ArrayLike<Record<string, string>> | null {
  const name = path?.trim();
  if (!name) return null;
  const { SharedArray } = (globalThis as unknown as WithRequire).require<Data>('k6/data');
  return new SharedArray('users', () => parse(textOf(name), name));

  function textOf(file: string): string {
    const paths = candidates(file);
    for (const candidate of paths) {
      try {
        return open(candidate);
      } catch {
        // The next place, if any.
      }
    }
    throw new SettingsError([
      `WS_USERS=${JSON.stringify(file)}: there is no such file, or it cannot be read; looked for ${paths.join(', ')}; for example WS_USERS=users.csv`,
    ]);
  }
}
