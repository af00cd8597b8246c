import { holdOverK6Websockets } from '../lib/connection/over-k6-websockets.ts';
import { beginIteration } from '../lib/generator/iteration.ts';
import { k6Parts } from '../lib/generator/k6-parts.ts';
import type { K6Parts } from '../lib/generator/memory.ts';
import { watchTiers } from '../lib/generator/watch-tiers.ts';
import { exec } from '../lib/k6.ts';
import { ledger } from '../lib/metrics/registry.ts';
import { beginTest } from '../lib/plan/begin.ts';
import { shareOf } from '../lib/plan/segment.ts';
import { tiersOptions } from '../lib/plan/tiers.ts';
import { endOfTiers } from '../lib/report/end-of-tiers.ts';
import type { K6Data } from '../lib/report/k6-data.ts';
import { parseSettings } from '../lib/settings/parse.ts';
import { tiersThresholds, tierTargets } from '../thresholds/for-tiers.ts';

// k6 makes VU 0 for init, teardown and summary; what only they need is not made in the others.
const settings = __VU === 0 ? parseSettings(__ENV, 'tiers') : null;
export const options = settings ? tiersOptions(settings, tiersThresholds(settings)) : undefined;

export const setup = settings ? () => beginTest(exec.test, settings) : undefined;

/** WS_SOCKETS_PER_VU connections of one tier, each from its place in the ramp to its close. */
export default function connect(): void {
  const iteration = beginIteration(ledger, __ENV);
  if (iteration) holdOverK6Websockets(iteration.context, iteration.vuIndex, iteration.access);
}

/** The generator watches itself. */
export const watch = k6Parts ? () => watchTiers(k6Parts as K6Parts, JSON.parse(__ENV['RUN'] as string)) : connect;

export const handleSummary = settings
  ? (data: K6Data) =>
      endOfTiers(
        settings,
        (connections) => shareOf(exec.test.options, connections, settings.socketsPerVu),
        tierTargets,
        data,
      )
  : undefined;
