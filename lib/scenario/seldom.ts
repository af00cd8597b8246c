// What few VUs ask for at the begin of their iteration, or after it.
export { shareOf } from '../plan/segment.ts';
export { directoryFor } from './directory.ts';
