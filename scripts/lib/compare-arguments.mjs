import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';

const FORMATS = ['text', 'json', 'markdown'];

/**
 * @typedef {object} CompareArguments
 * @property {string[]} before Folders and files, at least one.
 * @property {string[]} after
 * @property {string} worse As given: `10%`.
 * @property {string} format text, json or markdown.
 */

/**
 * The command line of compare-results.mjs: `before after`, or `--before a b c --after d e f`.
 *
 * @param {string[]} args
 * @param {string} example A right command line, quoted in the error.
 * @returns {CompareArguments}
 * @throws {ExitError} With code 2.
 */
export function parseCompareArguments(args, example) {
  /** @type {Record<string, string[]>} */
  const sides = { '--before': [], '--after': [] };
  const options = { '--worse': '10%', '--format': 'text' };
  /** @type {string[]} */
  const bare = [];
  let side = bare;
  const refuse = (/** @type {string} */ problem) => {
    throw new ExitError(`${problem}. Example: ${example}`, EXIT_BAD_INPUT);
  };
  for (let i = 0; i < args.length; i += 1) {
    const arg = /** @type {string} */ (args[i]);
    const [name = '', inline] = arg.startsWith('--') ? arg.split(/=(.*)/s) : [];
    if (Object.hasOwn(sides, name)) {
      side = /** @type {string[]} */ (sides[name]);
      if (inline !== undefined) side.push(inline);
    } else if (Object.hasOwn(options, name)) {
      if (inline === undefined) i += 1;
      const value = inline ?? args[i];
      if (value === undefined || value === '') refuse(`${name} needs a value`);
      options[/** @type {'--worse'} */ (name)] = /** @type {string} */ (value);
    } else if (arg.startsWith('-')) {
      refuse(`${arg} is unknown, known are ${[...Object.keys(sides), ...Object.keys(options)].join(', ')}`);
    } else {
      side.push(arg);
    }
  }
  const { '--before': before = [], '--after': after = [] } = sides;
  const format = options['--format'];
  if (!FORMATS.includes(format)) refuse(`--format is ${FORMATS.join(', ')}, got "${format}"`);
  const rest = { worse: options['--worse'], format };
  if (before.length === 0 && after.length === 0) {
    if (bare.length !== 2) refuse(`expected two folders or files, before and after, got ${bare.length}`);
    return { before: bare.slice(0, 1), after: bare.slice(1), ...rest };
  }
  if (bare.length > 0) refuse(`${bare.join(' ')} is neither behind --before nor behind --after`);
  if (before.length === 0 || after.length === 0) refuse('--before and --after go together, each with at least one run');
  return { before, after, ...rest };
}
