import { holdOverK6Ws } from '../lib/connection/over-k6-ws.ts';
import { beginIteration } from '../lib/generator/iteration.ts';
import { k6Parts } from '../lib/generator/k6-parts.ts';
import { type K6Parts, readPeakMemory, watchRun } from '../lib/generator/memory.ts';
import { exec } from '../lib/k6.ts';
import { ledger } from '../lib/metrics/registry.ts';
import { beginTest } from '../lib/plan/begin.ts';
import { concurrentOptions } from '../lib/plan/concurrent.ts';
import { shareOf } from '../lib/plan/segment.ts';
import { endOfTest } from '../lib/report/end-of-test.ts';
import type { K6Data } from '../lib/report/k6-data.ts';
import { parseSettings } from '../lib/settings/parse.ts';
import { thresholdsFor } from '../thresholds/k6.ts';
import { targetsFor } from '../thresholds/targets.ts';
// After all that needs require().
import '../lib/generator/unused-globals.ts';

// k6 makes VU 0 for init, teardown and summary; what only they need is not made in the 10,000 others.
const settings = __VU === 0 ? parseSettings(__ENV, 'concurrent') : null;
export const options = settings ? concurrentOptions(settings, thresholdsFor(targetsFor(settings))) : undefined;

export const setup = settings ? () => beginTest(exec.test, settings) : undefined;

/** One connection, from the ramp to the close. */
export default function connect(): void {
  const iteration = beginIteration(ledger, __ENV);
  if (iteration) holdOverK6Ws(iteration.context, iteration.vuIndex, iteration.access);
}

/** The generator watches itself. */
export const watch = k6Parts ? () => watchRun(k6Parts as K6Parts, JSON.parse(__ENV['RUN'] as string)) : connect;

export const teardown = settings
  ? () =>
      readPeakMemory(
        k6Parts as K6Parts,
        settings.generatorAddress,
        shareOf(exec.test.options, settings.connections, 1).vus,
      )
  : undefined;

export const handleSummary = settings
  ? (data: K6Data) =>
      endOfTest('concurrent', settings, shareOf(exec.test.options, settings.connections, 1), targetsFor(settings), data)
  : undefined;
