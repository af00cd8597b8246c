import { EXIT_BAD_INPUT, ExitError } from '../exit-error.mjs';
import { START } from '../project.mjs';
import { MOST_PROCESSES } from './segments.mjs';

/**
 * Takes `--processes N` out of a command line.
 *
 * @param {string[]} args
 * @returns {{ processes: number, rest: string[] }} processes: 1 if it is not there; of several, the last.
 * @throws {ExitError} With code 2 if N is no whole number from 1 to MOST_PROCESSES.
 */
export function takeProcesses(args) {
  const rest = [];
  let processes = 1;
  for (let i = 0; i < args.length; i += 1) {
    const arg = /** @type {string} */ (args[i]);
    if (arg === '--processes') {
      i += 1;
      processes = readCount(args[i]);
    } else if (arg.startsWith('--processes=')) {
      processes = readCount(arg.slice('--processes='.length));
    } else {
      rest.push(arg);
    }
  }
  return { processes, rest };
}

/** @param {string | undefined} text */
function readCount(text) {
  const count = Number(text);
  if (/^\d+$/.test(text ?? '') && count >= 1 && count <= MOST_PROCESSES) return count;
  throw new ExitError(
    `--processes takes a whole number from 1 to ${MOST_PROCESSES}, got ${text === undefined ? 'nothing' : JSON.stringify(text)}. Example: ${START} multiplexed --processes 4 -e WS_CONNECTIONS=40000`,
    EXIT_BAD_INPUT,
  );
}
