import type { Directory, Given, Row, Vu } from './connection.ts';

/** Who the connections of a VU are, made when it is first asked for. */
export function directoryOf(vu: Vu): Directory {
  vu.directory ??= vu.later().seldom().directoryFor(vu);
  return vu.directory;
}

/** The row of a connection; empty where there are none. */
export function userOf(users: Given['users'], index: number): Row {
  return users === null ? {} : (users[index % users.length] as Row);
}
