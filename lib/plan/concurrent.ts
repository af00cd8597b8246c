import type { Options } from 'k6/options';
import type { Traits } from '../conversation/traits.ts';
import type { Settings } from '../settings/settings.ts';
import { optionsFor, rampScenario, watchScenario } from './options.ts';
import { lastWaitMs, planOf } from './plan.ts';
import { runOf } from './run.ts';

/** One VU for each connection, in batches; beside them one VU that watches the generator's memory. */
export function concurrentOptions(settings: Settings, traits: Traits, thresholds: Record<string, string[]>): Options {
  const run = runOf(settings, 1, traits);
  return optionsFor(
    settings,
    {
      connections: rampScenario(
        settings,
        run,
        (connections) => connections,
        planOf(settings, lastWaitMs(settings, traits)).graceMs,
      ),
      generator: watchScenario(run, run.totalMs),
    },
    thresholds,
  );
}
