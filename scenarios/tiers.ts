// The guide's table, row by row: tiers one after the other, over k6/websockets.
import { hold } from '../lib/connection/over-k6-websockets.ts';
import { cookieJars, inEachVu } from '../lib/scenario/in-vu.ts';

// What is done once is done in VU 0, and made nowhere else.
const once =
  __VU === 0
    ? (require('../lib/scenario/once.ts') as typeof import('../lib/scenario/once.ts')).once('tiers')
    : undefined;

export const options = once?.options;
export const setup = once?.setup;
export const teardown = once?.teardown;
export const handleSummary = once?.handleSummary;

const { connect, watch } = inEachVu(() => hold, null, cookieJars);

export { connect as default, watch };
