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
  /** @type {string[]} For each of k6Args what was typed before it, as an error may show it. */
  const behind = [];
  let before = '';
  let hasDashboard = false;
  let conversation;
  for (let index = 0; index < rest.length; index += 1) {
    const arg = /** @type {string} */ (rest[index]);
    const inline = /^(?:--env=|-e)(.+)$/s.exec(arg)?.[1];
    if (inline !== undefined || arg === '-e' || arg === '--env') {
      if (inline === undefined) index += 1;
      const [name, value] = readSetting(inline ?? rest[index], before);
      settings[name] = value;
      // A token that ends with = reads like a name, too.
      before = `-e ${/^[A-Z_]{1,40}$/.test(name) ? name : 'NAME'}=…`;
    } else if (arg === '--dashboard') {
      hasDashboard = true;
    } else if (arg.startsWith('--dashboard=')) {
      throw new ExitError(
        `--dashboard takes no value, got "${withoutSecrets(arg.slice('--dashboard='.length))}". Example: ${START} --dashboard`,
        EXIT_BAD_INPUT,
      );
    } else if (arg === '--conversation') {
      index += 1;
      conversation = rest[index] ?? '';
    } else if (arg.startsWith('--conversation=')) {
      conversation = arg.slice('--conversation='.length);
    } else if (!/^--include-system-env-vars(?:=|$)/.test(arg)) {
      // That one would keep the settings from k6, which gets a small environment in any case.
      before = /^(?:--[a-z0-9-]+|-[a-z])/i.exec(arg)?.[0] ?? before;
      behind[k6Args.length] = before;
      k6Args.push(arg);
    }
  }
  // A user's module weighs in each VU over k6/ws: 1,000 connections of a demo would miss the target for memory.
  const standard = conversation === undefined ? 'concurrent' : 'multiplexed';
  const isNamed = k6Args[0]?.startsWith('-') === false;
  const scenario = isNamed ? /** @type {string} */ (k6Args[0]) : standard;
  if (!scenarios.includes(scenario)) {
    const shown = shownWord(scenario, behind[0], scenarios);
    throw new ExitError(
      `${shown === undefined ? `Expected a scenario, got ${notShown(behind[0])}` : `There is no scenario "${shown}"`}; there are: ${scenarios.join(', ')}. Example: ${START} concurrent -e WS_HOLD=30s`,
      EXIT_BAD_INPUT,
    );
  }
  // k6's options take one value at most, and none behind a setting.
  const stray = k6Args.findIndex(
    (arg, i) =>
      i >= Number(isNamed) && !arg.startsWith('-') && (isOfSetting(behind[i]) || !k6Args[i - 1]?.startsWith('-')),
  );
  if (stray !== -1) {
    const shown = shownWord(/** @type {string} */ (k6Args[stray]), behind[stray], scenarios);
    throw new ExitError(
      `Expected one scenario and options, got ${shown === undefined ? notShown(behind[stray]) : `the word "${shown}" besides`}, which belongs to none. Example: ${START} ${scenario} -e WS_HOLD=30s`,
      EXIT_BAD_INPUT,
    );
  }
  if (isNamed) k6Args.shift();
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

/**
 * @param {string | undefined} text
 * @param {string} before What was typed before it.
 */
function readSetting(text, before) {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text ?? '') ?? [];
  if (name !== undefined && value !== undefined) return /** @type {const} */ ([name, value]);
  throw new ExitError(
    `-e takes NAME=value, got ${shownSetting()}. Example: ${START} -e WS_CONNECTIONS=500`,
    EXIT_BAD_INPUT,
  );

  function shownSetting() {
    if (text === undefined) return 'nothing';
    const [like, equals] = /^WS[_-][A-Z_-]+(?:(=)|$)/i.exec(text) ?? [];
    if (like !== undefined) return equals ? `"${like}…", whose name has more than letters, digits and _` : `"${like}"`;
    return isAddress(text) ? `"${withoutSecrets(text)}"` : notShown(before);
  }
}

/**
 * A word in a wrong place, as an error may show it; undefined: not at all. It can be the rest of a value whose quotes were
 * forgotten, and of a token.
 *
 * @param {string} word
 * @param {string | undefined} before What was typed before it.
 * @param {string[]} scenarios
 */
function shownWord(word, before, scenarios) {
  const isMeant = scenarios.some((scenario) => typingErrors(word, scenario) <= 2);
  const isPlain = /^[a-z-]{1,20}$/i.test(word) && !isOfSetting(before);
  if (isMeant || isPlain) return word;
  return isAddress(word) ? withoutSecrets(word) : undefined;
}

/** @param {string | undefined} before */
function notShown(before) {
  const where = before ? `behind ${before}` : 'at the beginning';
  return `something else ${where} (not shown: it can hold secrets; a value with spaces or quotes is written in quotes)`;
}

/** @param {string | undefined} before What was typed before a word. */
function isOfSetting(before) {
  return before?.startsWith('-e ') === true;
}

/** @param {string} text */
function isAddress(text) {
  return /^(?:wss?|https?):\/\//i.test(text);
}

/**
 * An address given in a wrong place can hold a token.
 *
 * @param {string} text
 */
function withoutSecrets(text) {
  return text.replace(/\/\/.*@|[?#].*/gs, (secret) => `${secret.slice(0, secret.startsWith('/') ? 2 : 1)}…`);
}

/**
 * Insertions, deletions and substitutions that turn one word into the other.
 *
 * @param {string} a
 * @param {string} b
 */
function typingErrors(a, b) {
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = Number(last[j - 1]) + Number(a[i - 1] !== b[j - 1]);
      current.push(Math.min(substituted, Number(last[j]) + 1, Number(current[j - 1]) + 1));
    }
    last = current;
  }
  return Number(last[b.length]);
}

/** @param {string[]} args */
function apiAddressIn(args) {
  const at = args.findIndex((arg) => /^(?:--address|-a)(?:=|$)/.test(arg));
  if (at === -1) return undefined;
  return args[at]?.includes('=') ? args[at].slice(args[at].indexOf('=') + 1) : args[at + 1];
}
