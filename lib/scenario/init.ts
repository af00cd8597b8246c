import type { Init } from '../conversation/load-other.ts';
import type { WithRequire } from '../k6.ts';
import { candidatesFor } from '../settings/paths.ts';

/**
 * What the loading of the user's files takes of k6, in its init stage. A script in dist/ is one file; without the build
 * this is one of many, and the script is in scenarios/.
 */
export function initOf(env: Record<string, string | undefined>): Init & { open(path: string): string } {
  const k6 = globalThis as unknown as WithRequire & { open(path: string): string };
  return {
    require: (path) => k6.require(path),
    open: (path) => k6.open(path),
    candidates(path) {
      const here = (import.meta as unknown as { resolve(path: string): string }).resolve('./init.ts');
      const beside = here.slice(0, -'init.ts'.length);
      const folder = beside.endsWith('lib/scenario/')
        ? `${beside.slice(0, -'lib/scenario/'.length)}scenarios/`
        : beside;
      return candidatesFor(path, env['PWD'], folder);
    },
  };
}
