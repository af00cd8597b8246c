import { IMPORT, type ModuleFile } from './imported.ts';

/**
 * Where a user's module, or one that it imports, makes a metric that has one of these names, or null. k6 would hand out the
 * one that is there, and what the user adds would be in our books. Only where the name stands as text.
 *
 * @param names - of this package's metrics.
 */
export function findOwnMetric(files: ModuleFile[], names: readonly string[]): { path: string; name: string } | null {
  for (const { path, text } of files) {
    const makers = takenFromMetrics(text);
    for (const [, maker = '', name = ''] of text.matchAll(/\bnew\s+([\w$]+)[\w$.]*\s*\(\s*['"`]([\w.]+)['"`]/g)) {
      if (makers.includes(maker) && names.includes(name)) return { path, name };
    }
  }
  return null;
}

/** What a module calls k6/metrics, or what it takes from it. */
function takenFromMetrics(text: string): string[] {
  const required = text.matchAll(/\b(?:const|let|var)\s+([^=;]+?)\s*=\s*require\(\s*['"]k6\/metrics['"]/g);
  const lists = [
    ...Array.from(text.matchAll(IMPORT), ([, list = '', from]) => (/^k6\/metrics$/.test(from ?? '') ? list : '')),
    ...Array.from(required, ([, list = '']) => list),
  ];
  // Of `Trend as T`, `Trend: T` and `* as metrics` the last word is the module's own.
  return lists.flatMap((list) => Array.from(list.matchAll(/([\w$]+)\s*(?=[,}]|$)/g), ([, name = '']) => name));
}
