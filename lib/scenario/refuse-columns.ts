import type { Settings } from '../settings/settings.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { columnsOf } from '../settings/template.ts';

/**
 * Refuses columns in WS_URL, WS_HEADERS and WS_SUBPROTOCOL that the users' file does not have.
 *
 * @throws SettingsError that names them all.
 */
export function refuseColumns(
  { urls, headers, subprotocol, usersFile }: Pick<Settings, 'urls' | 'headers' | 'subprotocol' | 'usersFile'>,
  users: ArrayLike<Record<string, string>> | null,
): void {
  const known = Object.keys(users?.[0] ?? {});
  const given: [string, string[]][] = [
    ['WS_URL', urls.flatMap(columnsOf)],
    ['WS_HEADERS', Object.values(headers).flatMap(columnsOf)],
    ['WS_SUBPROTOCOL', columnsOf(subprotocol ?? '')],
  ];
  const problems = given.flatMap(([name, columns]) =>
    columns
      .filter((column) => !known.includes(column))
      .map((column) =>
        usersFile === null
          ? `${name} takes ${shown(column)} of the connection's user, but WS_USERS is not set; for example WS_USERS=users.csv, or {{ and }} for braces`
          : `${name} takes ${shown(column)}, but WS_USERS has only ${known.join(', ')}; for braces themselves write {{ and }}`,
      ),
  );
  if (problems.length > 0) throw new SettingsError([...new Set(problems)]);
}

/** A column as an error may show it: what is no plain name is mostly JSON whose braces were not doubled, and can hold a token. */
function shown(column: string): string {
  return /^[\w -]{1,30}$/.test(column) ? `{${column}}` : 'what is between { and } (not shown: it can hold secrets)';
}
