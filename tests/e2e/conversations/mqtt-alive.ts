import type { Makers } from '../../../lib/conversation/makers.ts';

/** Promises a sign of life each second, and so hears within three quarters of it whether the broker lives. */
export default ({ mqtt }: Makers) => mqtt({ keepAliveSeconds: 1 });
