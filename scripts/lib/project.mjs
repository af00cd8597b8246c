import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder: an absolute path. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The scenarios that the build compiles, by name.
 *
 * @param {string} [root]
 * @returns {string[]} `['concurrent']` for `scenarios/concurrent.ts`, sorted.
 */
export function scenarioNames(root = ROOT) {
  return readdirSync(path.join(root, 'scenarios'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
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
