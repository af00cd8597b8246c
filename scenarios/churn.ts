import { holdOverK6Ws } from '../lib/connection/over-k6-ws.ts';
import { beginIteration } from '../lib/generator/iteration.ts';
import { k6Parts } from '../lib/generator/k6-parts.ts';
import { type K6Parts, readPeakMemory, watchMemory } from '../lib/generator/memory.ts';
import { exec } from '../lib/k6.ts';
import { ledger } from '../lib/metrics/registry.ts';
import { beginTest } from '../lib/plan/begin.ts';
import { churnOptions, churnPlan } from '../lib/plan/churn.ts';
import type { Watched } from '../lib/plan/options.ts';
import type { Run } from '../lib/plan/run.ts';
import { shareOf } from '../lib/plan/segment.ts';
import { endOfChurn } from '../lib/report/end-of-churn.ts';
import type { K6Data } from '../lib/report/k6-data.ts';
import { parseSettings } from '../lib/settings/parse.ts';
import { churnTargets } from '../thresholds/for-churn.ts';
import { thresholdsFor } from '../thresholds/k6.ts';
// After all that needs require().
import '../lib/generator/unused-globals.ts';

// k6 makes VU 0 for init, teardown and summary; what only they need is not made in the others.
const settings = __VU === 0 ? parseSettings(__ENV, 'churn') : null;
const plan = settings ? churnPlan(settings) : null;
export const options = settings ? churnOptions(settings, thresholdsFor(churnTargets(settings))) : undefined;

export const setup = settings ? () => beginTest(exec.test, settings) : undefined;

/** One connection, from its turn to the end of its life; a VU has many, one after the other. */
export default function connect(): void {
  const iteration = beginIteration(ledger, __ENV);
  if (iteration) holdOverK6Ws(iteration.context, iteration.vuIndex, iteration.access);
}

/** The generator watches itself. */
export const watch = k6Parts
  ? () => {
      const run: Watched<Run> = JSON.parse(__ENV['RUN'] as string);
      watchMemory(k6Parts as K6Parts, run.generatorAddress, run.leadMs + run.totalMs);
    }
  : connect;

export const teardown = plan
  ? () => {
      const { vus, settings: own } = plan;
      readPeakMemory(k6Parts as K6Parts, own.generatorAddress, shareOf(exec.test.options, vus, 1).vus);
    }
  : undefined;

export const handleSummary =
  settings && plan
    ? (data: K6Data) =>
        endOfChurn(settings, shareOf(exec.test.options, plan.settings.connections, 1), churnTargets(settings), data)
    : undefined;
