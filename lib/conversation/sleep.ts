import { IMPORT, type ModuleFile } from './imported.ts';

/**
 * Where a user's module, or one that it imports, takes `sleep` from k6, or null. It would stop all connections of its VU,
 * and their clock with them; k6 offers no way to notice the call itself.
 */
export function findSleep(files: ModuleFile[]): string | null {
  return files.find(({ text }) => takesSleep(text))?.path ?? null;
}

function takesSleep(text: string): boolean {
  for (const [, names = '', specifier = ''] of text.matchAll(IMPORT)) {
    if (specifier === 'k6' && (/\bsleep\b/.test(names) || usesMember(text, names))) return true;
  }
  return /require\(\s*['"]k6['"]\s*\)\s*\.\s*sleep\b|\{[^}]*\bsleep\b[^}]*\}\s*=\s*require\(\s*['"]k6['"]/.test(text);
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
