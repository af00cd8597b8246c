import { setTimeout as delay } from 'node:timers/promises';
import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';
import { say } from './say.mjs';

/** When the demo of `reconnect` restarts its server, if nobody says otherwise; its hold is from 2 to 27 s. */
const STANDARD = '10s';
/** How long the server is away. */
const DOWN_MS = 3_000;

/**
 * When the server of a demo is to be restarted, in ms since the start of k6. Of a server of one's own, `npm start` restarts nothing.
 *
 * @param {string} scenario
 * @param {Record<string, string>} settings Those of the run; WS_RESTART_AT is taken out, since k6 knows nothing of it.
 * @returns {number | undefined} undefined: never.
 * @throws {ExitError} With code 2.
 */
export function takeRestart(scenario, settings) {
  const given = settings['WS_RESTART_AT'];
  delete settings['WS_RESTART_AT'];
  if (given !== undefined && settings['WS_URL'] !== undefined) {
    throw new ExitError(
      'WS_RESTART_AT restarts the server that npm start brings, but WS_URL names another: restart that one yourself, the report finds the outage by its drops.',
      EXIT_BAD_INPUT,
    );
  }
  if (settings['WS_URL'] !== undefined) return undefined;
  const text = given ?? (scenario === 'reconnect' ? STANDARD : undefined);
  if (text === undefined) return undefined;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new ExitError(
      `WS_RESTART_AT=${JSON.stringify(text)}: expected a time since the start of k6, for example WS_RESTART_AT=20s`,
      EXIT_BAD_INPUT,
    );
  }
  return Number(amount) * { ms: 1, s: 1_000, m: 60_000 }[/** @type {'ms' | 's' | 'm'} */ (unit)];
}

/**
 * Restarts a demo's server, unless the run is over before that.
 *
 * @param {import('./target-processes.mjs').TargetProcesses} target
 * @param {number} atMs From now.
 * @returns {() => Promise<void>} To be called when the run is over: resolves when no restart is under way.
 */
export function planRestart(target, atMs) {
  const over = new AbortController();
  const restart = async () => {
    say(`Killing the target server; it comes back after ${DOWN_MS / 1_000} s.`);
    await target.restart(DOWN_MS);
    say('The target server is back.');
  };
  const done = delay(atMs, undefined, { signal: over.signal }).then(
    () => restart().catch((error) => say(`The target server could not be restarted: ${error.message}`)),
    () => {},
  );
  return () => {
    over.abort();
    return done;
  };
}
