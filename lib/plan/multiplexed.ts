import type { Options } from 'k6/options';
import type { Settings } from '../settings/settings.ts';
import { optionsFor, rampScenario, watchScenario } from './options.ts';
import { planOf } from './plan.ts';
import { runOf } from './run.ts';

/**
 * A VU for each WS_SOCKETS_PER_VU connections, in the same batches; beside them one VU that watches the memory.
 * Handshakes are given up by the test itself, so k6 need not wait for the ones that hang.
 */
export function multiplexedOptions(settings: Settings, thresholds: Record<string, string[]>): Options {
  const perVu = settings.socketsPerVu;
  const run = runOf(settings, perVu);
  const { totalMs, holdEndMs } = planOf(settings);
  const handshakeLeft = settings.handshakeTimeoutMs - (totalMs - (holdEndMs - settings.holdMs));
  const graceMs = Math.max(handshakeLeft, settings.messageTimeoutMs) + 5_000;
  return optionsFor(
    settings,
    {
      connections: rampScenario(settings, run, (connections) => Math.ceil(connections / perVu), graceMs),
      generator: watchScenario(settings, run),
    },
    thresholds,
  );
}
