import type { ModuleFile } from './imported.ts';

/**
 * Where a user's module, or one that it imports, makes a metric that has one of these names, or null. k6 would hand out the
 * one that is there, and what the user adds would be in our books. Only where the name stands as text.
 *
 * @param names - of this package's metrics.
 */
export function findOwnMetric(files: ModuleFile[], names: readonly string[]): { path: string; name: string } | null {
  for (const { path, text } of files) {
    for (const [, name = ''] of text.matchAll(/\bnew\s+(?![\w$.]*Error\b)[\w$.]+\s*\(\s*['"`]([\w.]+)['"`]/g)) {
      if (names.includes(name)) return { path, name };
    }
  }
  return null;
}
