// As concurrent, all connections at once.
import { inEachVu } from '../lib/scenario/in-vu.ts';
import { overK6Ws, ws } from '../lib/scenario/over-k6-ws.ts';
import { spareGlobals } from '../lib/scenario/spare-globals.ts';

// What is done once is done in VU 0, and made nowhere else.
const once =
  __VU === 0
    ? (require('../lib/scenario/once.ts') as typeof import('../lib/scenario/once.ts')).once('storm')
    : undefined;

export const options = once?.options;
export const setup = once?.setup;
export const teardown = once?.teardown;
export const handleSummary = once?.handleSummary;

const { connect, watch } = inEachVu(overK6Ws, ws);

export { connect as default, watch };

// After all that needs require().
spareGlobals(__ENV['WS_CONVERSATION']);
