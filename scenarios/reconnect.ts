// Clients that come back when the server goes away: as multiplexed, but who fails or is dropped tries again.
import { hold } from '../lib/connection/over-k6-websockets.ts';
import { comingBack } from '../lib/scenario/coming-back.ts';
import { cookieJars, inEachVu } from '../lib/scenario/in-vu.ts';

// What is done once is done in VU 0, and made nowhere else.
const once =
  __VU === 0
    ? (require('../lib/scenario/once.ts') as typeof import('../lib/scenario/once.ts')).once('reconnect')
    : undefined;

export const options = once?.options;
export const setup = once?.setup;
export const teardown = once?.teardown;
export const handleSummary = once?.handleSummary;

const { connect, watch } = inEachVu(() => hold, null, cookieJars, false, comingBack);

export { connect as default, watch };
