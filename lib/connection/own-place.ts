/**
 * Whether a place in a stack is in the code of this package: the script of dist/ that runs, or a file of the sources. A user's
 * file may have any name, that of a script too.
 *
 * @param folder - with a separator at its end; empty where the stack has none.
 * @param here - a stack from this file.
 */
export function isOwnPlace(folder: string, file: string, here = String(new Error().stack)): boolean {
  const [, ownFolder = '', ownFile = ''] = /([^()\s]+\/)([^/()\s]+\.[jt]s):\d+:\d+/.exec(here) ?? [];
  const sources = /^(.*\/)lib\/connection\/$/.exec(ownFolder)?.[1];
  if (sources === undefined || ownFile !== 'own-place.ts') return folder === ownFolder && file === ownFile;
  return folder.startsWith(`${sources}lib/`) || folder === `${sources}scenarios/`;
}
