import type { Versions } from '../report/summary.ts';

/** build.mjs puts the version of package.json here; from the sources there is none. */
declare const PACKAGE_VERSION: string | undefined;

/**
 * What runs, as far as it is known: what starts k6 tells the version and the machine by two variables, since k6 tells a
 * script neither.
 */
export function versionsOf(env: Record<string, string | undefined>): Versions {
  const k6 = env['LOAD_TEST_K6_VERSION'];
  const system = env['LOAD_TEST_SYSTEM'];
  return {
    ...(typeof PACKAGE_VERSION !== 'undefined' && { scripts: PACKAGE_VERSION }),
    ...(k6 && { k6 }),
    ...(system && { system }),
  };
}
