import { lazily } from '../lazily.ts';

export { ws } from '../k6-ws.ts';

/**
 * The transport of k6/ws, made with a VU's connection: what a VU holds before that weighs twice, since k6's heap grows to twice
 * that before its garbage is collected.
 */
export const overK6Ws = lazily(
  () => (require('../connection/over-k6-ws.ts') as typeof import('../connection/over-k6-ws.ts')).hold,
);
