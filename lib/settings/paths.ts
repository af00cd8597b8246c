/**
 * Where a path of the user's is looked for, in this order: an absolute one as it is; else where the command was typed, and
 * beside the script and in the folder above it, which is all that `k6 archive` knows.
 *
 * Without regular expressions: each VU asks, and the first one that it uses costs it 16 KB.
 *
 * @param typedIn - working directory of the command (PWD); undefined where the shell does not tell it.
 * @param scriptFolder - of the script that k6 runs, with a separator at its end; a file:// URL or a path.
 */
export function candidatesFor(path: string, typedIn: string | undefined, scriptFolder: string): string[] {
  const isSeparator = (character: string) => character === '/' || character === '\\';
  const isWindows = path.charAt(1) === ':' && isSeparator(path.charAt(2));
  if (isSeparator(path.charAt(0)) || isWindows || path.startsWith('file:')) return [path];
  const relative = path.startsWith('./') || path.startsWith('.\\') ? path.slice(2) : path;
  let folder = scriptFolder;
  if (folder.startsWith('file://')) {
    folder = decodeURI(folder.slice('file://'.length));
    // file:///C:/folder/
    if (folder.charAt(0) === '/' && folder.charAt(2) === ':') folder = folder.slice(1);
  }
  let above = folder.length - 1;
  while (above > 0 && !isSeparator(folder.charAt(above - 1))) above -= 1;
  const places = [`${folder}${relative}`, `${folder.slice(0, above)}${relative}`];
  if (!typedIn) return places;
  const typed = isSeparator(typedIn.charAt(typedIn.length - 1)) ? typedIn.slice(0, -1) : typedIn;
  const first = `${typed}/${relative}`;
  return places.includes(first) ? [first, ...places.filter((place) => place !== first)] : [first, ...places];
}
