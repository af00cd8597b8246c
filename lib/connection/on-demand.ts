// What is made beside the plain course of life.ts: the opening, which a VU of one connection needs no more when it is done,
// and the parts, which most never need. Each call of this file makes its functions anew.
import { lazily } from '../lazily.ts';

export { attempted, begin, opened } from './opening.ts';

export const partsModule = lazily(() => require('./parts.ts') as typeof import('./parts.ts'));
