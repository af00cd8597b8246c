import type { Options, Scenario } from 'k6/options';
import type { Traits } from '../conversation/traits.ts';
import type { Settings } from '../settings/settings.ts';
import { optionsFor, rampScenario, watchScenario } from './options.ts';
import { lastWaitMs, planOf } from './plan.ts';
import { runOf } from './run.ts';

/** A VU for each WS_SOCKETS_PER_VU connections, in the same batches; beside them one VU that watches the memory. */
export function multiplexedOptions(settings: Settings, traits: Traits, thresholds: Record<string, string[]>): Options {
  const run = runOf(settings, settings.socketsPerVu, traits);
  return optionsFor(
    settings,
    { connections: multiplexedScenario(settings, traits), generator: watchScenario(run, run.totalMs) },
    thresholds,
  );
}

/** Handshakes are given up by the test itself, so k6 need not wait for the ones that hang. */
export function multiplexedScenario(settings: Settings, traits: Traits): Scenario {
  const perVu = settings.socketsPerVu;
  const { totalMs, holdEndMs } = planOf(settings);
  const handshakeLeft = settings.handshakeTimeoutMs - (totalMs - (holdEndMs - settings.holdMs));
  const graceMs = Math.max(handshakeLeft, lastWaitMs(settings, traits)) + 5_000;
  return rampScenario(
    settings,
    runOf(settings, perVu, traits),
    (connections) => Math.ceil(connections / perVu),
    graceMs,
  );
}
