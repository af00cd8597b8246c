import { EXIT_BAD_INPUT, ExitError } from './exit-error.mjs';
import { takeProcesses } from './processes/count.mjs';
import { START } from './project.mjs';

/**
 * @typedef {object} StartArguments
 * @property {string} scenario
 * @property {Record<string, string>} settings Of `-e NAME=value` and of the WS_ variables of the environment; none is empty.
 * @property {string | undefined} apiAddress `127.0.0.1:6565`, if `--address` or K6_ADDRESS was given.
 * @property {boolean} hasDashboard `--dashboard`
 * @property {string | undefined} conversation Of `--conversation NAME`, unchecked.
 * @property {number} processes Of `--processes N`; 1 if it was not given.
 * @property {string[]} k6Args All else, for `k6 run`.
 */

/**
 * The command line of `npm start`: `[scenario] [--dashboard] [--conversation NAME] [--processes N] [-e NAME=value ...]
 * [k6 arguments]`. A `--` at its beginning is passed over: it is typed for shells that lose one.
 *
 * @param {string[]} args
 * @param {string[]} scenarios The names there are.
 * @param {NodeJS.ProcessEnv} [env] Its WS_ variables, also in other letters, count as `-e`, which wins.
 * @returns {StartArguments}
 * @throws {ExitError} With code 2.
 */
export function parseStartArguments(args, scenarios, env = process.env) {
  /** @type {Record<string, string>} */
  const settings = {};
  for (const [name, value] of Object.entries(env)) {
    if (/^WS_/i.test(name) && value !== undefined) settings[name] = value;
  }
  const { processes, rest } = takeProcesses(args[0] === '--' ? args.slice(1) : args);
  const k6Args = [];
  let hasDashboard = false;
  let conversation;
  for (let index = 0; index < rest.length; index += 1) {
    const arg = /** @type {string} */ (rest[index]);
    const inline = /^(?:--env=|-e)(.+)$/s.exec(arg)?.[1];
    if (inline !== undefined || arg === '-e' || arg === '--env') {
      if (inline === undefined) index += 1;
      const [name, value] = readSetting(inline ?? rest[index]);
      settings[name] = value;
    } else if (arg === '--dashboard') {
      hasDashboard = true;
    } else if (arg.startsWith('--dashboard=')) {
      throw new ExitError(
        `--dashboard takes no value, got "${withoutQuery(arg.slice('--dashboard='.length))}". Example: ${START} --dashboard`,
        EXIT_BAD_INPUT,
      );
    } else if (arg === '--conversation') {
      index += 1;
      conversation = rest[index] ?? '';
    } else if (arg.startsWith('--conversation=')) {
      conversation = arg.slice('--conversation='.length);
    } else if (!/^--include-system-env-vars(?:=|$)/.test(arg)) {
      // That one would keep the settings from k6, which gets a small environment in any case.
      k6Args.push(arg);
    }
  }
  // A user's module weighs in each VU over k6/ws: 1,000 connections of a demo would miss the target for memory.
  const standard = conversation === undefined ? 'concurrent' : 'multiplexed';
  const scenario = k6Args[0]?.startsWith('-') === false ? /** @type {string} */ (k6Args.shift()) : standard;
  if (!scenarios.includes(scenario)) {
    throw new ExitError(
      `There is no scenario "${withoutQuery(scenario)}"; there are: ${scenarios.join(', ')}. Example: ${START} concurrent -e WS_HOLD=30s`,
      EXIT_BAD_INPUT,
    );
  }
  // k6's options take one value at most.
  const stray = k6Args.find((arg, i) => !arg.startsWith('-') && !k6Args[i - 1]?.startsWith('-'));
  if (stray !== undefined) {
    throw new ExitError(
      `Expected one scenario and options, got the word "${withoutQuery(stray)}" besides, which belongs to none. Example: ${START} ${scenario} -e WS_HOLD=30s`,
      EXIT_BAD_INPUT,
    );
  }
  // An empty setting counts as not set, here as in the scenarios.
  const given = Object.entries(settings).map(([name, value]) => [name, value.trim()]);
  return {
    scenario,
    settings: Object.fromEntries(given.filter(([, value]) => value !== '')),
    apiAddress: apiAddressIn(k6Args) ?? (env['K6_ADDRESS'] || undefined),
    hasDashboard,
    conversation,
    processes,
    k6Args,
  };
}

/** @param {string | undefined} text */
function readSetting(text) {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text ?? '') ?? [];
  if (name !== undefined && value !== undefined) return /** @type {const} */ ([name, value]);
  throw new ExitError(
    `-e takes NAME=value, got ${text === undefined ? 'nothing' : `"${withoutQuery(text)}"`}. Example: ${START} -e WS_CONNECTIONS=500`,
    EXIT_BAD_INPUT,
  );
}

/**
 * An address given in a wrong place can hold a token.
 *
 * @param {string} text
 */
function withoutQuery(text) {
  return text.replace(/\/\/[^/]*@|\?.*/gs, (secret) => `${secret.slice(0, secret.startsWith('?') ? 1 : 2)}…`);
}

/** @param {string[]} args */
function apiAddressIn(args) {
  const at = args.findIndex((arg) => /^(?:--address|-a)(?:=|$)/.test(arg));
  if (at === -1) return undefined;
  return args[at]?.includes('=') ? args[at].slice(args[at].indexOf('=') + 1) : args[at + 1];
}
