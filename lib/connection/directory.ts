import type { Directory, Vu } from './connection.ts';

/** Who the connections of a VU are. Where the run's one address is all, that is made when it is first asked for. */
export function directoryOf(vu: Vu): Directory {
  vu.directory ??= vu.later().directories().directoryFor(vu.run, null, vu.conversation, null, null);
  return vu.directory;
}
