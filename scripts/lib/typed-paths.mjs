import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './project.mjs';

/**
 * The folder in which the user typed the command: npm runs our scripts in our folder and leaves the other one in INIT_CWD.
 * Where a script of the user's own project runs our command, that project's folder counts.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {string} [cwd] Where there is no INIT_CWD, or no such folder any more.
 * @param {string} [root] Our folder.
 * @returns {string} An absolute path.
 */
export function typedFolder(env = process.env, cwd = process.cwd(), root = ROOT) {
  const typed = path.relative(root, cwd) === '' ? env['INIT_CWD'] : undefined;
  return typed && path.isAbsolute(typed) && statSync(typed, { throwIfNoEntry: false })?.isDirectory() ? typed : cwd;
}

/**
 * The same settings with the user's paths made absolute, so that they mean the same in k6, which looks for relative ones
 * beside its script.
 *
 * @param {Record<string, string>} settings WS_CONVERSATION is a path if it has a slash, a backslash or the ending of a
 *   script; else it is a shipped name. WS_COMPARE_WITH stays as it is where there is no such file: the script then looks
 *   in the package's folders, as it does in plain k6.
 * @param {string} folder Absolute: what relative paths start at.
 * @returns {Record<string, string>}
 */
export function withAbsolutePaths(settings, folder) {
  const absolute = { ...settings };
  for (const name of ['WS_RESULTS_DIR', 'WS_USERS']) {
    const given = settings[name];
    if (given !== undefined) absolute[name] = path.resolve(folder, given);
  }
  const conversation = settings['WS_CONVERSATION'];
  if (conversation !== undefined && isPath(conversation)) {
    absolute['WS_CONVERSATION'] = path.resolve(folder, conversation);
  }
  const compareWith = settings['WS_COMPARE_WITH'];
  if (compareWith !== undefined && existsSync(path.resolve(folder, compareWith))) {
    absolute['WS_COMPARE_WITH'] = path.resolve(folder, compareWith);
  }
  return absolute;
}

/** @param {string} text */
function isPath(text) {
  // k6 takes file:// addresses as they are.
  if (/^file:\/\//i.test(text)) return false;
  return /[/\\]|\.(?:ts|js|mjs|cjs)$/i.test(text);
}
