import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder: an absolute path. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Whether this is the package from npm: it holds the built scripts, and nothing to build them from. */
export const IS_PACKAGE = !existsSync(path.join(ROOT, 'build.mjs'));

/** What is typed before the arguments of a run, for examples in messages. */
export const START = IS_PACKAGE ? 'npx k6-websocket-concurrency' : 'npm start --';

/**
 * The scenarios that the build compiles, or in the package those that it compiled, by name.
 *
 * @param {string} [root]
 * @returns {string[]} `['concurrent']` for `scenarios/concurrent.ts` or `dist/concurrent.js`, sorted.
 */
export function scenarioNames(root = ROOT) {
  const sources = path.join(root, 'scenarios');
  return readdirSync(existsSync(sources) ? sources : path.join(root, 'dist'))
    .flatMap((name) => /^([\w-]+)\.(?:ts|js)$/.exec(name)?.[1] ?? [])
    .sort();
}

/**
 * How a script of this project is called, for its own messages.
 *
 * @param {string} name `merge-results`
 * @returns {string} `node scripts/merge-results.mjs`, in the package `npx k6-websocket-concurrency merge-results`.
 */
export function callOf(name) {
  return IS_PACKAGE ? `npx k6-websocket-concurrency ${name}` : `node scripts/${name}.mjs`;
}

/**
 * The script of an installed package's command. Started with Node itself it needs no shell, which the `.cmd` files in
 * `node_modules/.bin` do on Windows.
 *
 * @param {string} packageName `@biomejs/biome`
 * @param {string} command `biome`
 * @returns {string} An absolute path.
 * @throws {Error} If the package is not installed or has no such command.
 */
export function packageScript(packageName, command) {
  const folder = path.join(ROOT, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const script = typeof bin === 'string' ? bin : bin?.[command];
  if (!script) throw new Error(`${packageName} has no command "${command}"`);
  return path.join(folder, script);
}
