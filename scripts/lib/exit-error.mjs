import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Bad input is answered with this code by every script here. */
export const EXIT_BAD_INPUT = 2;

/** An error whose message is for the user as it stands: no stack, and an exit code of its own. */
export class ExitError extends Error {
  /**
   * @param {string} message What was given or tried, what is expected, and an example.
   * @param {number} exitCode 1 to 255.
   */
  constructor(message, exitCode) {
    super(message);
    this.name = 'ExitError';
    this.exitCode = exitCode;
  }
}

/**
 * Runs a script's main function if the script was started by name and not imported. The process ends by itself when
 * nothing is left to do, so that what was printed is flushed on every platform.
 *
 * @param {string} moduleUrl The script's `import.meta.url`.
 * @param {(args: string[]) => Promise<number>} main Gets the command line; gives the exit code.
 * @returns {Promise<void>}
 */
export async function runAsScript(moduleUrl, main) {
  const started = process.argv[1];
  if (started === undefined || realpathSync(started) !== realpathSync(fileURLToPath(moduleUrl))) return;
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
