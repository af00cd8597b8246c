import type { Options } from 'k6/options';
import type { Settings } from '../settings/settings.ts';
import { optionsFor, rampScenario, watchScenario } from './options.ts';
import { planOf } from './plan.ts';
import { runOf } from './run.ts';

/** One VU for each connection, in batches; beside them one VU that watches the generator's memory. */
export function concurrentOptions(settings: Settings, thresholds: Record<string, string[]>): Options {
  const run = runOf(settings, 1);
  return optionsFor(
    settings,
    {
      connections: rampScenario(settings, run, (connections) => connections, planOf(settings).graceMs),
      generator: watchScenario(run, run.totalMs),
    },
    thresholds,
  );
}
