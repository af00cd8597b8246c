import { parseArgs } from 'node:util';
import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';

/**
 * One command-line option.
 *
 * @typedef {object} Option
 * @property {'flag' | 'number' | 'text'} kind number: a whole number.
 * @property {string} help One sentence with the unit.
 * @property {number | string} [default]
 * @property {number} [min]
 * @property {number} [max]
 * @property {string} [placeholder] Stands for the value in the help text.
 */

/**
 * The values given on a command line, with the defaults filled in.
 *
 * @param {string[]} args
 * @param {Record<string, Option>} options By name, without the dashes.
 * @param {string} example A right command line, quoted in the error.
 * @returns {Record<string, any>} Flags are booleans; what has no default and was not given is undefined.
 * @throws {ExitError} With code 2 and every problem at once.
 */
export function parseOptions(args, options, example) {
  const types = Object.entries(options).map(([name, { kind }]) => [
    name,
    { type: kind === 'flag' ? /** @type {const} */ ('boolean') : /** @type {const} */ ('string') },
  ]);
  const { tokens } = parseArgs({ args, options: Object.fromEntries(types), strict: false, tokens: true });
  const values = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, option.kind === 'flag' ? false : option.default]),
  );
  const problems = [];
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`"${token.value}" is not an option`);
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (!option) {
      problems.push(
        `${token.rawName} is unknown, known are ${Object.keys(options)
          .map((name) => `--${name}`)
          .join(', ')}`,
      );
      continue;
    }
    const { value, problem } = readValue(token.rawName, option, token.value);
    if (problem) problems.push(problem);
    else values[token.name] = value;
  }
  if (problems.length === 0) return values;
  throw new ExitError(`Bad options: ${problems.join('; ')}. Example: ${example}`, EXIT_BAD_INPUT);
}

/**
 * @param {string} name As it was written.
 * @param {Option} option
 * @param {string | undefined} text
 * @returns {{ value?: boolean | number | string, problem?: string }}
 */
function readValue(name, { kind, min = 0, max = Number.MAX_SAFE_INTEGER }, text) {
  if (kind === 'flag')
    return text === undefined ? { value: true } : { problem: `${name} takes no value, got "${text}"` };
  // What begins with a dash is the next option: a forgotten value must not swallow it.
  if (text === undefined || text === '' || text.startsWith('--')) return { problem: `${name} needs a value` };
  if (kind === 'text') return { value: text };
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return { value: number };
  return { problem: `${name} takes a whole number from ${min} to ${max}, got "${text}"` };
}

/**
 * The help text of a table of options, one line each.
 *
 * @param {Record<string, Option>} options
 * @returns {string}
 */
export function describeOptions(options) {
  return Object.entries(options)
    .map(([name, option]) => {
      const left = option.kind === 'flag' ? `--${name}` : `--${name} ${option.placeholder ?? option.kind}`;
      const standard = option.default === undefined ? '' : ` Default ${option.default}.`;
      return `  ${left.padEnd(22)} ${option.help}${standard}`;
    })
    .join('\n');
}
