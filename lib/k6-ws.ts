import 'k6/ws';
import type { WithRequire } from './k6.ts';

/** k6/ws, taken as in lib/k6.ts; in a file of its own because only init code can take it. */
export const ws = (globalThis as unknown as WithRequire).require<typeof import('k6/ws')['default']>('k6/ws');
