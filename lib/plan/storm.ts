import type { Settings } from '../settings/settings.ts';

/** The same run with all connections in one batch, whatever WS_BATCH_SIZE says. */
export function stormSettings(settings: Settings): Settings {
  return { ...settings, batchSize: settings.connections };
}
