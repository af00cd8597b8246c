/**
 * The k6 modules that more than one file needs. An import statement only has k6 load the module; what is used of it
 * comes by require(), because each imported name would leave a function in each VU for good (0.75 KB, k6 v2.2) and make
 * another at each reading.
 */
import 'k6';
import 'k6/execution';
import 'k6/metrics';

/** k6's global, typed for its modules; it works in init code only. Read where it is used: a name would keep it alive. */
export interface WithRequire {
  require<Module>(name: string): Module;
}

export const { check, sleep } = (globalThis as unknown as WithRequire).require<typeof import('k6')>('k6');
export const exec = (globalThis as unknown as WithRequire).require<typeof import('k6/execution')['default']>(
  'k6/execution',
);
