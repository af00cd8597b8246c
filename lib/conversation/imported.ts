/** Files that are read at most: a module of the user's with its own imports. */
const MAX_FILES = 100;

/** A file of a user's module. */
export interface ModuleFile {
  path: string;
  /** Without comments. */
  text: string;
}

/** What an `import … from` or `export … from` takes, and from where; of `import './file.js'` the second alone. */
export const IMPORT = /\b(?:import|export)\b\s*(?:([^'"();=]*?)\s*\bfrom\s*)?['"]([^'"]+)['"]/g;

/** A text in quotes, or between backticks. */
export const TEXT = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;

const REQUIRE = /\brequire\(\s*['"]([^'"]+)['"]/g;

/**
 * A user's module and all that it imports by a path, each once.
 *
 * @param read - the text of a module by its path; null: there is none.
 */
export function importedBy(path: string, read: (path: string) => string | null): ModuleFile[] {
  const paths = [path];
  const files: ModuleFile[] = [];
  for (let i = 0; i < paths.length && i < MAX_FILES; i++) {
    const file = paths[i] as string;
    const text = withoutComments(read(file) ?? '');
    files.push({ path: file, text });
    const specifiers = [
      ...Array.from(text.matchAll(IMPORT), ([, , specifier = '']) => specifier),
      ...Array.from(text.matchAll(REQUIRE), ([, specifier = '']) => specifier),
    ];
    for (const specifier of specifiers) {
      const next = beside(file, specifier);
      if (/^[./]/.test(specifier) && !paths.includes(next)) paths.push(next);
    }
  }
  return files;
}

/** What looks like a comment in a text is none, and the other way round. */
function withoutComments(source: string): string {
  const textsAndComments = new RegExp(`${TEXT.source}|//.*|/\\*[\\s\\S]*?\\*/`, 'g');
  return source.replace(textsAndComments, (part) => (part.startsWith('/') ? ' ' : part));
}

/** The file that takes something from this module of k6's, or null. */
export function takerOf(files: ModuleFile[], module: string): string | null {
  const isTaken = ({ text }: ModuleFile) =>
    new RegExp(`(?:\\bfrom|\\bimport|\\brequire\\()\\s*['"]${module}['"]`).test(text);
  return files.find(isTaken)?.path ?? null;
}

/** The path of an import as it stands in the module at `from`. */
function beside(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const parts = from.split(/[/\\]/).slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
