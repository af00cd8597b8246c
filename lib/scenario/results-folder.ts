import type { initOf } from './init.ts';

/** What is wrong with the folder for the results. */
export interface FolderProblem {
  text: string;
  /** Whether it is certain: k6 does not tell everywhere what a relative path is relative to. */
  isCertain: boolean;
}

/** k6's open() refuses a folder in words of its own, and so proves that there is one. */
const FOLDER = "can't be used with directories";
/** The words of an archive's own file system, in which there is nothing but what was packed. */
const NOT_PACKED = 'file does not exist';
/** Linux: the folder in which k6 itself runs, which is where it writes. */
const OWN_FOLDER = '/proc/self/cwd';

/**
 * Why k6 could not write its results, as far as open() tells it before the first connection: no such folder, a file in its
 * place, no way to it. Whether a folder can be written to cannot be known by reading.
 *
 * @param folder - WS_RESULTS_DIR; null: no results are wanted.
 * @param typedIn - PWD; undefined where the shell does not tell it.
 * @returns null where nothing is known to be wrong, as in an archive.
 */
export function folderProblem(
  folder: string | null,
  { open, candidates }: Pick<ReturnType<typeof initOf>, 'open' | 'candidates'>,
  typedIn: string | undefined,
): FolderProblem | null {
  if (folder === null) return null;
  const told = (path: string) => {
    try {
      open(path);
      return 'a file';
    } catch (error) {
      return String(error);
    }
  };
  const isFolder = (path: string | undefined) => !!path && told(path).includes(FOLDER);
  // The folder above the script is there for certain. What k6 says of it, and of nothing, tells what its words are worth.
  const known = candidates('.').at(-1) as string;
  if (!isFolder(known) || told(`${known}/no-such-file`).includes(NOT_PACKED)) return null;

  const isWindows = known.charAt(1) === ':';
  const isAbsolute = isWindows ? /^[a-z]:[/\\]/i.test(folder) : folder.startsWith('/');
  // open() finds neither \folder nor \\server\folder, to which k6 can write.
  if (isWindows && /^[/\\]/.test(folder)) return null;
  let base = '';
  if (!isAbsolute) base = [OWN_FOLDER, typedIn].find(isFolder) ?? '';
  if (!isAbsolute && base === '') return null;
  const answer = told(isAbsolute ? folder : `${base}/${folder}`);
  if (answer.includes(FOLDER)) return null;

  // PWD can be another one, where a program started k6.
  const where = isAbsolute ? '' : ` in ${base === OWN_FOLDER ? 'the folder in which k6 runs' : base}`;
  return {
    text: `WS_RESULTS_DIR=${JSON.stringify(folder)}: ${problem(answer)}${where}; expected a folder that is there, since k6 makes none, for example after mkdir ${isWindows ? '' : '-p '}${JSON.stringify(folder)}`,
    isCertain: isAbsolute || base === OWN_FOLDER,
  };
}

function problem(answer: string): string {
  if (answer === 'a file' || /not a directory/.test(answer)) return 'there is a file in its place';
  // In the language of the system on Windows.
  const reason = /permission denied|access is denied/i.exec(answer)?.[0].toLowerCase();
  return reason === undefined ? 'there is no such folder' : `it cannot be looked at (${reason})`;
}
