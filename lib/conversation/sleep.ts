/** Files that are read at most: a module of the user's with its own imports. */
const MAX_FILES = 100;

/**
 * Where a user's module, or one that it imports, takes `sleep` from k6, or null. It would stop all connections of its VU,
 * and their clock with them; k6 offers no way to notice the call itself.
 *
 * @param read - the text of a module by its path; null: there is none.
 */
export function findSleep(path: string, read: (path: string) => string | null): string | null {
  const seen = [path];
  for (let i = 0; i < seen.length && i < MAX_FILES; i++) {
    const file = seen[i] as string;
    const text = (read(file) ?? '').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    for (const [, names = '', specifier = ''] of text.matchAll(
      /(?:import|export)\s+([^'";]*?)\s*from\s*['"]([^'"]+)['"]/g,
    )) {
      if (specifier === 'k6' && (/\bsleep\b/.test(names) || usesMember(text, names))) return file;
      if (/^[./]/.test(specifier)) {
        const next = beside(file, specifier);
        if (!seen.includes(next)) seen.push(next);
      }
    }
    if (/require\(\s*['"]k6['"]\s*\)\s*\.\s*sleep\b|\{[^}]*\bsleep\b[^}]*\}\s*=\s*require\(\s*['"]k6['"]/.test(text))
      return file;
  }
  return null;
}

/** `import * as k6` or `import k6`, and then `k6.sleep`. */
function usesMember(text: string, names: string): boolean {
  const name = /(?:\*\s+as\s+)?([\w$]+)\s*$/.exec(names.trim())?.[1];
  return (
    name !== undefined &&
    !names.includes('{') &&
    new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}\\s*\\.\\s*sleep\\b`).test(text)
  );
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
